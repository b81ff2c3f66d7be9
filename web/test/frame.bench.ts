// How long the page's own thread is busy with a frame of a replay of 100,000 events: the time within the
// layer's render, which hands its orders to the graphics card's process. What that does with them is
// waited for outside, because software does it here that no visitor has.

import { palette } from "../src/palette.ts";
import { ReplayLayer } from "../src/replaylayer.ts";
import { report } from "./harness.ts";
import { day, engineOf, flat, tapeOf } from "./layer.ts";

const events = 100_000;
const frames = 16; // software draws each of them for as long as half a second

function measure(): string[] {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 64; // few pixels: the card's work is not what is measured
  document.body.append(canvas);
  const gl = canvas.getContext("webgl2");
  if (!gl) throw new Error("this browser has no WebGL 2");
  const [tape, colors] = [tapeOf(events), palette(true)];
  const layer = new ReplayLayer(colors);
  layer.onAdd(engineOf(canvas), gl);
  const done = () => gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  const times: number[] = [];
  for (let n = 0; n <= frames; n++) {
    const start = performance.now();
    layer.show(tape, (n * day) / frames, colors);
    layer.render(gl, flat());
    times.push(performance.now() - start);
    done();
  }
  if (gl.getError() !== gl.NO_ERROR) throw new Error("WebGL reports an error");
  const [first = 0, ...rest] = times; // which hands the points over and makes the program
  rest.sort((a, b) => a - b);
  return [`replay_frame_main_ms ${rest[frames >> 1]}`, `replay_first_frame_main_ms ${first}`];
}

try {
  report(measure());
} catch (reason) {
  report([`FAIL ${String(reason)}`]);
}
