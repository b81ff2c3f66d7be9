import { linesOf } from "../src/feed.ts";
import { palette } from "../src/palette.ts";
import { ReplayLayer, dotSize } from "../src/replaylayer.ts";
import { keyStep } from "../src/slider.ts";
import { sparkOf } from "../src/spark.ts";
import { minuteAt, readTape, shownAt } from "../src/tape.ts";
import type { Activity } from "../src/documents.ts";
import { equal, near, test } from "./harness.ts";
import { engineOf, flat, tapeOf } from "./layer.ts";
import { replayFile } from "./replayfile.ts";

function file(): ArrayBuffer {
  return Uint8Array.from(atob(replayFile), (c) => c.charCodeAt(0)).buffer;
}

test("a replay file is read as the hub wrote it", () => {
  const tape = readTape(file());
  equal([tape.seq, tape.opens, tape.span, tape.until], [8, Date.UTC(2026, 11, 11, 10), 180_000, 9001]);
  const at = (second: number) => shownAt(tape, second);
  equal([at(0), at(3599), at(3600), at(3660)], [[1, 0, 0, 1], [1, 0, 0, 1], [0, 1, 0, 1], [0, 1, 0, 1]]);
  equal([at(3661), at(7324), at(7325), at(9000), at(9001)], [[1, 1, 0, 1], [1, 1, 0, 1], [1, 0, 1, 1], [1, 0, 1, 1], [0, 0, 1, 1]]);
});

test("every point of a replay stands where it is", () => {
  const { spans } = readTape(file());
  const places = new Map<string, number>();
  for (let i = 0; i < spans.count; i++) {
    const longitude = (spans.x[i] ?? 0) * 360 - 180;
    const latitude = (Math.atan(Math.sinh(Math.PI * (1 - 2 * (spans.y[i] ?? 0)))) * 180) / Math.PI;
    const way = (spans.look[i] ?? 0) & 3;
    places.set(`${latitude.toFixed(3)} ${longitude.toFixed(3)} ${way}`, i);
  }
  equal([...places.keys()].sort(), ["-33.869 151.209 2", "1.500 -78.250 0", "27.673 85.325 1"]);
});

test("the numbers of a replay are those of the minute", () => {
  const tape = readTape(file());
  const numbers = (second: number) => {
    const m = minuteAt(tape, second);
    return [m?.events, m?.live, m?.off, m?.cheers, m?.cheerEvents, m?.countries];
  };
  equal([numbers(-10), numbers(3599), numbers(3600)], [[2, 0, 1, 0, 0, 1], [2, 0, 1, 0, 0, 1], [2, 1, 1, 0, 0, 1]]);
  equal([numbers(3719), numbers(3720), numbers(1e9)], [[2, 1, 1, 0, 0, 1], [3, 1, 1, 300, 1, 1], [2, 0, 1, 300, 1, 1]]);
  equal(tape.acts.reduce((sum, n) => sum + n, 0), 305, "what happened on the day");
});

test("a file that is cut off or another one is refused", () => {
  for (const bad of [file().slice(0, -1), file().slice(0, 9), new ArrayBuffer(0), new TextEncoder().encode("<!doctype html>").buffer]) {
    let refused = false;
    try {
      readTape(bad as ArrayBuffer);
    } catch {
      refused = true;
    }
    equal(refused, true);
  }
});

test("the sparkline has the hours at their place and a quiet night above the ground", () => {
  equal(sparkOf([], 180_000), "");
  const acts = new Array<number>(21).fill(0);
  acts[1] = 100;
  acts[11] = 1;
  equal(sparkOf(acts, 180_000), "M1.7 4.0L5.0 34.6");
});

test("keys move the slider as people expect, also from right to left", () => {
  const key = (name: string, shiftKey = false, rtl = false) => keyStep({ key: name, shiftKey }, rtl);
  equal([key("ArrowRight"), key("ArrowLeft"), key("ArrowUp"), key("PageDown"), key("Tab")], [10, -10, 10, -60, 0]);
  equal([key("ArrowRight", true), key("ArrowRight", false, true), key("ArrowLeft", true, true)], [1, -10, 1]);
});

test("dots grow with the zoom and never without end", () => {
  equal([dotSize(-2), dotSize(0), dotSize(6), dotSize(22)], [5, 5, 10, 15]);
  near(dotSize(1.5), 6, 0.01);
});

// A stand-in for the graphics card that notes what it is told.
function notingCard(notes: string[]): WebGL2RenderingContext {
  const answers: Record<string, unknown> = {
    getProgramParameter: true, drawingBufferWidth: 64, drawArrays: undefined, createProgram: {}, createShader: {},
    createBuffer: {}, createVertexArray: {},
  };
  return new Proxy({}, {
    get: (_, name: string) => {
      if (name === "drawingBufferWidth" || name === name.toUpperCase()) return answers[name] ?? 1;
      return (...args: unknown[]) => {
        notes.push(`${name} ${JSON.stringify(args.map((a) => (ArrayBuffer.isView(a) ? [...(a as Float32Array)] : a)))}`);
        return name === "getUniformLocation" ? args[1] : answers[name];
      };
    },
  }) as WebGL2RenderingContext;
}

test("another moment is one number for the graphics card", () => {
  const notes: string[] = [];
  const card = notingCard(notes);
  const colors = palette(true);
  const tape = tapeOf(50);
  const layer = new ReplayLayer(colors);
  layer.onAdd(engineOf(document.body), card);
  const frame = (second: number) => {
    notes.length = 0;
    layer.show(tape, second, colors);
    layer.render(card, flat());
    return [...notes];
  };
  equal(frame(0).filter((note) => note.startsWith("bufferData")).length, 3, "the points are handed over");
  const [before, after] = [frame(10), frame(11)];
  equal(before.length, after.length, "what is told");
  equal(before.filter((note, i) => note !== after[i]), ['uniform1f ["u_second",10]'], "what differs");
  equal(after.some((note) => note.startsWith("buffer") || note.startsWith("compile")), false, "nothing is handed over again");
});

test("the feed of a moment is what it would have grown to", () => {
  const place = { latitude: 1, longitude: 2, locality: "Accra", country: "GH", countryName: "Ghana" };
  const act = (seq: number, kind: string, id: string, count: number, tombstone = false): Activity => ({
    seq, position: `e-${seq}`, kind, at: "2026-03-07T12:00:00Z", eventId: id, count, tombstone,
    card: tombstone ? null : { id, slug: id, title: id, hostName: "H", way: "DIGITAL", place, startsAt: "", day: "LIVE" },
  });
  const lines = linesOf([act(1, "CHEERED", "a", 1), act(2, "EVENT_LISTED", "b", 0, true), act(3, "CHEERED", "c", 2), act(4, "CHEERED", "a", 4)]);
  equal(lines.map((l) => [l.eventId, l.count]), [["a", 5], ["c", 2]]);
});
