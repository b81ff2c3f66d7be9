// What a replay's layer needs to draw without a map: a day of many events, a stand-in for the engine, and
// how a flat map projects.

import type { CustomRenderMethodInput, Map as Engine } from "maplibre-gl";
import type { Spans, Tape } from "../src/tape.ts";

export const day = 180_000; // seconds

export function tapeOf(events: number): Tape {
  const spans: Spans = {
    count: events,
    x: new Float32Array(events),
    y: new Float32Array(events),
    from: new Float32Array(events),
    until: new Float32Array(events).fill(day),
    look: new Uint8Array(events),
  };
  for (let i = 0; i < events; i++) {
    // Spread evenly without chance: the golden ratio fills a square.
    spans.x[i] = (i * 0.618033988749895) % 1;
    spans.y[i] = i / events;
    spans.from[i] = (i * 7919) % day;
    spans.look[i] = (i % 3) | ((i % 4) << 2);
  }
  return { seq: 1, opens: 0, span: day, until: day, spans, minutes: [], acts: [] };
}

export function engineOf(canvas: HTMLElement): Engine {
  const bounds = { getWest: () => -180, getEast: () => 180 };
  return { getZoom: () => 1, getBounds: () => bounds, getContainer: () => canvas, triggerRepaint() {} } as unknown as Engine;
}

export function flat(): CustomRenderMethodInput {
  const whole = new Float32Array([2, 0, 0, 0, 0, -2, 0, 0, 0, 0, 1, 0, -1, 1, 0, 1]);
  return {
    defaultProjectionData: {
      mainMatrix: whole,
      fallbackMatrix: whole,
      tileMercatorCoords: [0, 0, 1, 1],
      clippingPlane: [0, 0, 0, 0],
      projectionTransition: 0,
    },
    shaderData: {
      variantName: "flat",
      vertexShaderPrelude: "uniform mat4 u_projection_matrix;\nvec4 projectTile(vec2 at) { return u_projection_matrix * vec4(at, 0.0, 1.0); }",
      define: "",
    },
  } as unknown as CustomRenderMethodInput;
}
