// Programs of the layers that we draw ourselves. The engine projects the world in several ways, and
// each needs a program of its own, made when it is first drawn with.

import type { CustomRenderMethodInput, Map as Engine } from "maplibre-gl";

// Uniform finds a value that a program takes, by its name.
export type Uniform = (name: string) => WebGLUniformLocation | null;

interface Program {
  program: WebGLProgram;
  uniform: Uniform;
}

export class Programs {
  readonly #what: string;
  readonly #vertex: string;
  readonly #fragment: string;
  readonly #attributes: string[];
  readonly #made = new Map<string, Program | null>(); // by projection; null for one that cannot be made

  // The vertex shader may call the engine's projectTile with a place in Mercator's square; attributes
  // have their number by their order.
  constructor(what: string, vertex: string, fragment: string, attributes: string[]) {
    this.#what = what;
    this.#vertex = vertex;
    this.#fragment = fragment;
    this.#attributes = attributes;
  }

  // use takes up the program for the frame's projection, which it sets. Without one there is nothing
  // to draw with.
  use(gl: WebGL2RenderingContext, { shaderData, defaultProjectionData: view }: CustomRenderMethodInput): Uniform | null {
    let known = this.#made.get(shaderData.variantName);
    if (known === undefined) {
      known = this.#link(gl, `${shaderData.vertexShaderPrelude}\n${shaderData.define}\n`);
      this.#made.set(shaderData.variantName, known);
    }
    if (!known) return null;
    const { program, uniform } = known;
    gl.useProgram(program);
    gl.uniformMatrix4fv(uniform("u_projection_matrix"), false, view.mainMatrix);
    gl.uniformMatrix4fv(uniform("u_projection_fallback_matrix"), false, view.fallbackMatrix);
    gl.uniform4f(uniform("u_projection_tile_mercator_coords"), ...view.tileMercatorCoords);
    gl.uniform4f(uniform("u_projection_clipping_plane"), ...view.clippingPlane);
    gl.uniform1f(uniform("u_projection_transition"), view.projectionTransition);
    return uniform;
  }

  remove(gl: WebGL2RenderingContext): void {
    for (const known of this.#made.values()) if (known) gl.deleteProgram(known.program);
    this.#made.clear();
  }

  #link(gl: WebGL2RenderingContext, prelude: string): Program | null {
    const program = gl.createProgram();
    const version = "#version 300 es\n";
    for (const [kind, text] of [
      [gl.VERTEX_SHADER, version + prelude + this.#vertex],
      [gl.FRAGMENT_SHADER, version + this.#fragment],
    ] as const) {
      const shader = gl.createShader(kind);
      if (!shader) return null;
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
      gl.deleteShader(shader); // when its program is
    }
    this.#attributes.forEach((name, at) => gl.bindAttribLocation(program, at, name));
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
      const said = (gl.getAttachedShaders(program) ?? []).map((shader) => gl.getShaderInfoLog(shader));
      console.error(`no ${this.#what}:`, gl.getProgramInfoLog(program), ...said);
      return null;
    }
    const places = new Map<string, WebGLUniformLocation | null>();
    const uniform = (name: string) => {
      if (!places.has(name)) places.set(name, gl.getUniformLocation(program, name));
      return places.get(name) ?? null;
    };
    return { program, uniform };
  }
}

// shiftsOf are the places where the world is drawn, in widths of it: a flat one is seen more than once
// from far away or across the date line.
export function shiftsOf(engine: Engine, { defaultProjectionData: view }: CustomRenderMethodInput): number[] {
  if (view.projectionTransition > 0) return [0];
  const bounds = engine.getBounds();
  return worldsBetween(bounds.getWest(), bounds.getEast());
}

// worldsBetween are the worlds that are seen from one longitude to another, which go on beyond 180
// degrees; 0 is the first, and each ends where the next begins.
export function worldsBetween(west: number, east: number): number[] {
  const [first, last] = [Math.floor((west + 180) / 360), Math.ceil((east + 180) / 360) - 1];
  return Array.from({ length: Math.min(maxWorlds, last - first + 1) }, (_, i) => first + i);
}

// maxWorlds is how often the world is drawn at most, whatever the window.
const maxWorlds = 5;
