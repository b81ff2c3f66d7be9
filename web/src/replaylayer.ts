// The events of a replay, drawn by the graphics card alone: every vertex knows from when until when
// it shows, and the moment is one number for all of them. So a hundred thousand events cost the page
// no more than ten do.

import type { CustomLayerInterface, CustomRenderMethodInput, Map as Engine } from "maplibre-gl";
import { type Palette, channels } from "./palette.ts";
import { Programs, type Uniform, shiftsOf } from "./programs.ts";
import type { Spans, Tape } from "./tape.ts";

export const replayLayerId = "replayed";

const live = 1; // the phase, as in tape.ts

// The marks are those of marks.ts: a disc, a square or a triangle by way, with a bright core while
// live and hollow when called off. What is to come is faint, so that the day lights up as it passes.
const fragmentShader = `
precision mediump float;
uniform vec3 u_ways[3];
uniform vec3 u_live;
uniform vec3 u_rim;
uniform vec3 u_land;
flat in int v_way;
flat in int v_phase;
flat in float v_pixel;
out vec4 color;

float edge(float distance) { return smoothstep(v_pixel, -v_pixel, distance); }

float outside(vec2 p) {
  if (v_way == 1) return max(abs(p.x), abs(p.y)) - 0.82;
  if (v_way == 2) return max(abs(p.x) * 0.87 - p.y * 0.5 - 0.42, p.y - 0.75);
  return length(p) - 0.92;
}

void main() {
  vec2 p = (gl_PointCoord * 2.0 - 1.0) * (v_phase == ${live} ? 2.0 : 1.15);
  vec3 way = u_ways[v_way];
  float away = outside(p);
  float body = edge(away);
  float strength = v_phase == 0 ? 0.5 : 0.92;
  vec3 paint = mix(u_rim, way, edge(away + 0.16));
  if (v_phase == 3) paint = mix(paint, u_land, edge(away + 0.42));
  if (v_phase == ${live}) paint = mix(paint, u_live, edge(length(p) - 0.42));
  float glow = v_phase == ${live} ? 0.5 * (1.0 - smoothstep(0.6, 2.0, length(p))) : 0.0;
  float alpha = max(body * strength, glow * (1.0 - body));
  if (alpha < 0.01) discard;
  color = vec4(mix(u_live, paint, body) * alpha, alpha);
}`;

const vertexShader = `
in vec2 a_at;
in vec2 a_span;
in float a_look;
uniform float u_second;
uniform float u_size;
uniform float u_shift;
uniform bool u_live_pass;
flat out int v_way;
flat out int v_phase;
flat out float v_pixel;

void main() {
  int look = int(a_look);
  v_way = look & 3;
  v_phase = look >> 2;
  bool shown = a_span.x <= u_second && u_second < a_span.y && (v_phase == ${live}) == u_live_pass;
  if (!shown) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    gl_PointSize = 0.0;
    return;
  }
  gl_Position = projectTile(a_at + vec2(u_shift, 0.0));
  gl_PointSize = u_size * (v_phase == ${live} ? 2.3 : 1.0);
  v_pixel = 1.6 / u_size;
}`;

// dotSize is how wide a dot is, in pixels, by zoom: points at street level, dust for the world.
export function dotSize(zoom: number): number {
  const stops: [number, number][] = [[0, 5], [3, 7], [6, 10], [10, 15]];
  let [from, small] = stops[0] ?? [0, 5];
  for (const [to, large] of stops) {
    if (zoom <= to) return small + ((large - small) * Math.max(0, zoom - from)) / (to - from || 1);
    [from, small] = [to, large];
  }
  return small;
}

export class ReplayLayer implements CustomLayerInterface {
  readonly id = replayLayerId;
  readonly type = "custom" as const;
  readonly renderingMode = "2d" as const;
  #engine: Engine | undefined;
  #gl: WebGL2RenderingContext | undefined;
  readonly #programs = new Programs("replay", vertexShader, fragmentShader, ["a_at", "a_span", "a_look"]);
  #array: WebGLVertexArrayObject | null = null;
  #buffers: WebGLBuffer[] = [];
  #tape: Tape | null = null;
  #uploaded: Tape | null = null;
  #second = 0;
  #colors: Palette;

  constructor(colors: Palette) {
    this.#colors = colors;
  }

  // show draws another moment with the next frame.
  show(tape: Tape | null, second: number, colors: Palette): void {
    if (tape === this.#tape && second === this.#second && colors === this.#colors) return;
    this.#tape = tape;
    this.#second = second;
    this.#colors = colors;
    this.#engine?.triggerRepaint();
  }

  onAdd(engine: Engine, gl: WebGLRenderingContext | WebGL2RenderingContext): void {
    this.#engine = engine;
    this.#gl = gl as WebGL2RenderingContext;
  }

  onRemove(): void {
    const gl = this.#gl;
    if (!gl) return;
    this.#programs.remove(gl);
    for (const buffer of this.#buffers) gl.deleteBuffer(buffer);
    gl.deleteVertexArray(this.#array);
    this.#uploaded = this.#array = null;
    this.#buffers = [];
    this.#gl = this.#engine = undefined;
  }

  render(_: WebGLRenderingContext | WebGL2RenderingContext, input: CustomRenderMethodInput): void {
    const [gl, engine, tape] = [this.#gl, this.#engine, this.#tape];
    if (!gl || !engine || !tape) return;
    const uniform = this.#programs.use(gl, input);
    if (!uniform) return;
    if (tape !== this.#uploaded) this.#upload(gl, tape.spans);
    this.#uploaded = tape;
    setColors(gl, uniform, this.#colors);
    const ratio = gl.drawingBufferWidth / Math.max(1, engine.getContainer().clientWidth);
    gl.uniform1f(uniform("u_second"), this.#second);
    gl.uniform1f(uniform("u_size"), dotSize(engine.getZoom()) * ratio);
    gl.bindVertexArray(this.#array);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    for (const pass of [0, 1]) {
      gl.uniform1i(uniform("u_live_pass"), pass);
      for (const shift of shiftsOf(engine, input)) {
        gl.uniform1f(uniform("u_shift"), shift);
        gl.drawArrays(gl.POINTS, 0, tape.spans.count);
      }
    }
    gl.bindVertexArray(null);
  }

  #upload(gl: WebGL2RenderingContext, spans: Spans): void {
    this.#array ??= gl.createVertexArray();
    gl.bindVertexArray(this.#array);
    const columns: [Float32Array | Uint8Array, number, number][] = [
      [pairs(spans.x, spans.y, spans.count), 2, gl.FLOAT],
      [pairs(spans.from, spans.until, spans.count), 2, gl.FLOAT],
      [spans.look.subarray(0, spans.count), 1, gl.UNSIGNED_BYTE],
    ];
    columns.forEach(([data, size, type], at) => {
      const buffer = (this.#buffers[at] ??= gl.createBuffer());
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, size, type, false, 0, 0);
    });
    gl.bindVertexArray(null);
  }
}

function pairs(a: Float32Array, b: Float32Array, count: number): Float32Array {
  const both = new Float32Array(2 * count);
  for (let i = 0; i < count; i++) {
    both[2 * i] = a[i] ?? 0;
    both[2 * i + 1] = b[i] ?? 0;
  }
  return both;
}

function setColors(gl: WebGL2RenderingContext, uniform: Uniform, p: Palette): void {
  gl.uniform3fv(uniform("u_ways"), [p.own, p.blueprint, p.digital].flatMap(channels));
  gl.uniform3fv(uniform("u_live"), channels(p.live));
  gl.uniform3fv(uniform("u_rim"), channels(p.rim));
  gl.uniform3fv(uniform("u_land"), channels(p.land));
}
