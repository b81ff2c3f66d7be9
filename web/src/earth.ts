// What covers the whole earth and changes with the instant: the colors of the date at sea with the
// lines where it begins and ends, and the night. The graphics card draws each from a few numbers over
// one coarse mesh; as polygons they would be half a million triangles a frame, and made anew with
// every minute.

import type { CustomLayerInterface, CustomRenderMethodInput, Map as Engine } from "maplibre-gl";
import { sunVector } from "./daylight.ts";
import { type Palette, channels } from "./palette.ts";
import { Programs, type Uniform, shiftsOf } from "./programs.ts";
import { seaColors, seaFronts } from "./sea.ts";

const columns = 96; // of 3.75 degrees: the sea's zones end where cells do
const rows = 64;
const beyond = [0.04, 0.12, 0.3, 1]; // toward the poles, in sides of Mercator's square: 89.99 degrees

// mesh is the earth in cells: places in Mercator's square and beyond, and triangles of them.
export function mesh(): { places: Float32Array<ArrayBuffer>; triangles: Uint16Array<ArrayBuffer> } {
  const inner = [...Array(rows + 1).keys()].map((row) => row / rows);
  const lines = [...beyond.map((y) => -y).reverse(), ...inner, ...beyond.map((y) => 1 + y)];
  const places = lines.flatMap((y) => [...Array(columns + 1).keys()].flatMap((column) => [column / columns, y]));
  const triangles: number[] = [];
  for (let row = 0; row + 1 < lines.length; row++) {
    for (let column = 0; column < columns; column++) {
      const northWest = row * (columns + 1) + column;
      const southWest = northWest + columns + 1;
      triangles.push(northWest, southWest, northWest + 1, northWest + 1, southWest, southWest + 1);
    }
  }
  return { places: new Float32Array(places), triangles: new Uint16Array(triangles) };
}

const vertex = `
in vec2 a_at;
uniform float u_shift;
uniform bool u_round;
out vec2 v_at;
out vec3 v_up;
void main() {
  v_at = u_round ? a_at : vec2(a_at.x, clamp(a_at.y, 0.0, 1.0));
  float longitude = (v_at.x - 0.5) * 6.283185307;
  float latitude = 2.0 * atan(exp(3.141592654 * (1.0 - 2.0 * v_at.y))) - 1.570796327;
  v_up = vec3(cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude));
  gl_Position = projectTile(v_at + vec2(u_shift, 0.0));
}`;

// The deepest dusk is where the sun is 16 degrees below the horizon, as in the hub's picture.
const nightShader = `
precision highp float;
in vec3 v_up;
uniform vec3 u_sun;
uniform vec4 u_night;
out vec4 color;
void main() {
  float height = asin(clamp(dot(normalize(v_up), u_sun), -1.0, 1.0));
  float dusk = clamp(-height / 0.279, 0.0, 1.0);
  float alpha = 1.0 - pow(1.0 - u_night.a, 6.0 * dusk);
  color = vec4(u_night.rgb * alpha, alpha);
}`;

// A front is a line with a glow. Where the date ends it is in dashes, as it is on land.
const seaShader = `
precision highp float;
in vec2 v_at;
uniform vec3 u_bands[25];
uniform int u_fronts[24];
uniform float u_opacity;
uniform vec3 u_midnight;
uniform float u_glow;
uniform float u_dashes;
uniform float u_ratio;
out vec4 color;
void main() {
  float zone = v_at.x * 24.0 + 0.5;
  vec2 slope = vec2(dFdx(zone), dFdy(zone));
  float pixel = max(length(slope), 1e-9);
  float at = fract(zone);
  int band = clamp(int(floor(zone)), 0, 24);
  vec3 paint = u_bands[band];
  if (at < pixel) paint = mix(u_bands[max(band - 1, 0)], paint, 0.5 + 0.5 * at / pixel);
  if (1.0 - at < pixel) paint = mix(u_bands[min(band + 1, 24)], paint, 0.5 + 0.5 * (1.0 - at) / pixel);
  color = vec4(paint * u_opacity, u_opacity);

  int meridian = int(floor(zone + 0.5)) - 1;
  if (meridian < 0 || meridian > 23 || u_fronts[meridian] == 0) return;
  bool begins = u_fronts[meridian] == 1;
  float away = abs(zone - float(meridian + 1)) / pixel / u_ratio;
  float glow = (1.0 - smoothstep(0.0, 5.0, away)) * u_glow * (begins ? 1.0 : 0.5);
  float core = (1.0 - smoothstep(0.3, 1.3, away)) * (begins ? 0.95 : 0.8);
  if (!begins && fract(v_at.y * u_dashes) > 0.545) core = 0.0;
  float line = max(glow, core);
  color = vec4(u_midnight * line, line) + color * (1.0 - line);
}`;

type Set = (gl: WebGL2RenderingContext, uniform: Uniform, engine: Engine) => void;

// Earth is one such layer. It never asks for a frame by itself.
class Earth implements CustomLayerInterface {
  readonly type = "custom" as const;
  readonly #programs: Programs;
  readonly #set: Set;
  #engine: Engine | undefined;
  #array: WebGLVertexArrayObject | null = null;
  #buffers: WebGLBuffer[] = [];
  #count = 0;

  constructor(readonly id: string, fragment: string, set: Set) {
    this.#programs = new Programs(id, vertex, fragment, ["a_at"]);
    this.#set = set;
  }

  onAdd(engine: Engine, gl: WebGL2RenderingContext): void {
    this.#engine = engine;
    const { places, triangles } = mesh();
    this.#count = triangles.length;
    this.#array = gl.createVertexArray();
    gl.bindVertexArray(this.#array);
    this.#buffers = [gl.createBuffer(), gl.createBuffer()];
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffers[0] ?? null);
    gl.bufferData(gl.ARRAY_BUFFER, places, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.#buffers[1] ?? null);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, triangles, gl.STATIC_DRAW);
    gl.bindVertexArray(null);
  }

  onRemove(_engine: Engine, gl: WebGL2RenderingContext): void {
    this.#programs.remove(gl);
    for (const buffer of this.#buffers) gl.deleteBuffer(buffer);
    gl.deleteVertexArray(this.#array);
    this.#engine = undefined;
  }

  render(gl: WebGL2RenderingContext | WebGLRenderingContext, input: CustomRenderMethodInput): void {
    if (!(gl instanceof WebGL2RenderingContext) || !this.#engine) return;
    const uniform = this.#programs.use(gl, input);
    if (!uniform) return;
    this.#set(gl, uniform, this.#engine);
    const shifts = shiftsOf(this.#engine, input);
    gl.uniform1i(uniform("u_round"), input.defaultProjectionData.projectionTransition > 0 ? 1 : 0);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.disable(gl.CULL_FACE);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.bindVertexArray(this.#array);
    for (const shift of shifts) {
      gl.uniform1f(uniform("u_shift"), shift);
      gl.drawElements(gl.TRIANGLES, this.#count, gl.UNSIGNED_SHORT, 0);
    }
    gl.bindVertexArray(null);
  }
}

export const nightId = "night";
export const seaId = "sea-date";

// nightLayer darkens where the sun is down at the instant that now tells.
export function nightLayer(now: () => number, colors: () => Palette): CustomLayerInterface {
  return new Earth(nightId, nightShader, (gl, uniform) => {
    const { night, nightOpacity } = colors();
    gl.uniform3f(uniform("u_sun"), ...sunVector(now()));
    gl.uniform4fv(uniform("u_night"), [...channels(night), nightOpacity]);
  });
}

const deepestDashes = 10; // the zoom from which on dashes grow with the map: numbers end there

// seaLayer colors the sea by how much of the date has passed there.
export function seaLayer(date: string, now: () => number, colors: () => Palette): CustomLayerInterface {
  return new Earth(seaId, seaShader, (gl, uniform, engine) => {
    const p = colors();
    gl.uniform3fv(uniform("u_bands"), seaColors(date, now(), p));
    gl.uniform1iv(uniform("u_fronts"), seaFronts(date, now()));
    gl.uniform1f(uniform("u_opacity"), p.bandOpacity);
    gl.uniform3fv(uniform("u_midnight"), channels(p.midnight));
    gl.uniform1f(uniform("u_glow"), p.frontGlow);
    gl.uniform1f(uniform("u_dashes"), (512 * 2 ** Math.min(engine.getZoom(), deepestDashes)) / 7);
    gl.uniform1f(uniform("u_ratio"), gl.drawingBufferWidth / Math.max(1, engine.getContainer().clientWidth));
  });
}
