// The lights of cities where it is night: points in one buffer of twelve bytes each, which the
// graphics card places, lets shine by how far the sun is below their horizon, and blends by screen
// (or, on a light map, as ink), so that many together never outshine the events above them.

import type { CustomLayerInterface, CustomRenderMethodInput, Map as Engine } from "maplibre-gl";
import { sunVector } from "./daylight.ts";
import { southing } from "./mercator.ts";
import type { Palette } from "./palette.ts";
import { Programs } from "./programs.ts";

const stride = 12; // bytes of a point: x and y in Mercator's square, brightness

// decode reads the file that web/basemap writes: a count, places in Morton's order as differences,
// a byte of brightness each.
export function decode(file: ArrayBuffer): Float32Array {
  const bytes = new Uint8Array(file);
  const count = new DataView(file).getUint32(0, true);
  const points = new Float32Array(count * 3);
  let at = 4;
  let place = 0;
  for (let i = 0; i < count; i++) {
    let shift = 1;
    for (;;) {
      const byte = bytes[at++] ?? 0;
      place += (byte & 127) * shift;
      if (byte < 128) break;
      shift *= 128;
    }
    const latitude = (every(Math.floor(place / 2)) / 65536) * 360 - 90;
    points[3 * i] = every(place) / 65536;
    points[3 * i + 1] = southing(latitude);
  }
  for (let i = 0; i < count; i++) points[3 * i + 2] = (bytes[at + i] ?? 0) / 8;
  return points;
}

// every takes the even bits of a number of 32.
function every(place: number): number {
  let v = place & 0x55555555;
  v = (v | (v >>> 1)) & 0x33333333;
  v = (v | (v >>> 2)) & 0x0f0f0f0f;
  v = (v | (v >>> 4)) & 0x00ff00ff;
  return (v | (v >>> 8)) & 0xffff;
}

const vertex = `
in vec3 a_light;
uniform vec3 u_sun;
uniform float u_scale;
out float v_shine;
void main() {
  float longitude = (a_light.x - 0.5) * 6.283185307;
  float latitude = 2.0 * atan(exp(3.141592654 * (1.0 - 2.0 * a_light.y))) - 1.570796327;
  vec3 up = vec3(cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude));
  float dark = smoothstep(0.01, 0.16, -dot(up, u_sun));
  v_shine = dark * min(1.0, 0.4 + 0.09 * a_light.z);
  gl_Position = projectTile(a_light.xy);
  gl_PointSize = (1.8 + 0.45 * a_light.z) * u_scale;
  if (dark <= 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}`;

const fragment = `
precision mediump float;
in float v_shine;
uniform vec4 u_color;
out vec4 fragColor;
void main() {
  float away = length(gl_PointCoord - 0.5) * 2.0;
  float shine = v_shine * (exp(-away * away * 4.5) - 0.011) * u_color.a;
  fragColor = vec4(u_color.rgb * max(0.0, shine), max(0.0, shine));
}`;

// Lights is the layer. It draws nothing until its points have come, and never asks for a frame by
// itself but then.
export class Lights implements CustomLayerInterface {
  readonly id = "lights";
  readonly type = "custom" as const;
  readonly #points: Float32Array;
  readonly #colors: Palette;
  readonly #now: () => number;
  readonly #programs = new Programs("city lights", vertex, fragment, ["a_light"]);
  #buffer: WebGLBuffer | null = null;
  #array: WebGLVertexArrayObject | null = null;

  constructor(points: Float32Array, colors: Palette, now: () => number) {
    this.#points = points;
    this.#colors = colors;
    this.#now = now;
  }

  onAdd(_engine: Engine, gl: WebGL2RenderingContext): void {
    this.#array = gl.createVertexArray();
    this.#buffer = gl.createBuffer();
    gl.bindVertexArray(this.#array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    gl.bufferData(gl.ARRAY_BUFFER, this.#points, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 3, gl.FLOAT, false, stride, 0);
    gl.bindVertexArray(null);
  }

  onRemove(_engine: Engine, gl: WebGL2RenderingContext): void {
    this.#programs.remove(gl);
    gl.deleteBuffer(this.#buffer);
    gl.deleteVertexArray(this.#array);
  }

  render(gl: WebGL2RenderingContext | WebGLRenderingContext, input: CustomRenderMethodInput): void {
    if (!(gl instanceof WebGL2RenderingContext)) return;
    const uniform = this.#programs.use(gl, input);
    if (!uniform) return;
    gl.uniform3f(uniform("u_sun"), ...sunVector(this.#now()));
    gl.uniform1f(uniform("u_scale"), devicePixelRatio);
    gl.uniform4fv(uniform("u_color"), this.#colors.light);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.enable(gl.BLEND);
    if (this.#colors.lightsAdd) gl.blendFuncSeparate(gl.ONE, gl.ONE_MINUS_SRC_COLOR, gl.ZERO, gl.ONE);
    else gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.bindVertexArray(this.#array);
    gl.drawArrays(gl.POINTS, 0, this.#points.length / 3);
    gl.bindVertexArray(null);
  }
}

// addLights fetches the points once the map stands and puts the layer below the events.
export function addLights(engine: Engine, address: string, now: () => number, colors: () => Palette): () => void {
  let points: Float32Array | undefined;
  let gone = false;
  const add = () => {
    if (!points || gone || !engine.getLayer("glow") || engine.getLayer("lights")) return;
    engine.addLayer(new Lights(points, colors(), now), "glow");
  };
  const ask = async () => {
    try {
      const answer = await fetch(address, { priority: "low" });
      if (!answer.ok) throw new Error(String(answer.status));
      points = decode(await answer.arrayBuffer());
      add();
    } catch (reason) {
      console.warn("no city lights:", reason);
    }
  };
  engine.on("style.load", add);
  engine.once("style.load", () => void ask());
  return () => {
    gone = true;
    engine.off("style.load", add);
  };
}
