// The replay file, as the hub's package events/replay writes it: how every event looked from which
// second of the day on, and the world's numbers of every minute.

import { southing } from "./mercator.ts";

export const phases = ["UPCOMING", "LIVE", "OVER", "OFF"] as const;
export const ways = ["OWN_WORK", "BLUEPRINT", "DIGITAL"] as const;

const gone = 4; // the phase of what is not on the map
const forever = 1e9; // seconds; far past any day

// metrics are the columns of a minute, in their order.
const metrics = [
  "events", "live", "done", "off", "checkIns", "checkInEvents", "cheers", "cheerEvents",
  "declared", "declaredEvents", "reached", "reachedEvents", "countries",
] as const;

export type Minute = Record<(typeof metrics)[number], number>;

// Spans are the times for which events look the same, as columns.
export interface Spans {
  count: number;
  x: Float32Array; // Web Mercator, 0 to 1
  y: Float32Array;
  from: Float32Array; // seconds since the window opened
  until: Float32Array; // up to but not with this second
  look: Uint8Array; // way in bits 0 and 1, phase from bit 2 on
}

export interface Tape {
  seq: number; // the position in the log
  opens: number; // milliseconds since 1970
  span: number; // seconds of the whole day around the globe
  until: number; // how far the file tells, in seconds
  spans: Spans;
  minutes: Minute[];
  acts: number[]; // how much happened in the minute before each
}

export function readTape(buffer: ArrayBuffer): Tape {
  const r = new Reader(new Uint8Array(buffer));
  if (r.text(4) !== "ADR1") throw new Error("this is no replay file");
  r.varint(); // the epoch: a file is never mixed with another
  const seq = r.varint();
  const opens = r.varint() * 1000;
  const [span, until, events, steps, rows] = [r.varint(), r.varint(), r.varint(), r.varint(), r.varint()];
  const lengths = Uint32Array.from({ length: events }, () => r.varint());
  const minutes = readMinutes(r, rows);
  const acts = Array.from({ length: rows }, () => r.varint());
  const spans = readSpans(r, lengths, steps);
  return { seq, opens, span, until, spans, minutes, acts };
}

class Reader {
  #at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  text(length: number): string {
    return String.fromCharCode(...this.take(length));
  }

  take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new Error("the replay file is cut off");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new Error("the replay file is cut off");
    return byte;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  signed(): number {
    const value = this.varint();
    return value % 2 ? -(value + 1) / 2 : value / 2;
  }
}

function readMinutes(r: Reader, rows: number): Minute[] {
  const minutes = Array.from({ length: rows }, () => ({}) as Minute);
  for (const metric of metrics) {
    let value = 0;
    for (const minute of minutes) minute[metric] = value += r.signed();
  }
  return minutes;
}

const placeBytes = 6;

// readPlaces gives longitudes and latitudes as whole numbers of 24 bits: Morton numbers have the
// bits of both in turn, and are read in halves because JavaScript's bits end at 32.
function readPlaces(r: Reader, events: number): [Uint32Array, Uint32Array] {
  const planes = Array.from({ length: placeBytes }, () => r.take(events));
  const [east, north] = [new Uint32Array(events), new Uint32Array(events)];
  let [low, high] = [0, 0];
  for (let i = 0; i < events; i++) {
    const byte = (plane: number) => planes[plane]?.[i] ?? 0;
    low += byte(0) + byte(1) * 256 + byte(2) * 65536;
    high += byte(3) + byte(4) * 256 + byte(5) * 65536 + (low >>> 24);
    low &= 0xffffff;
    east[i] = gather(low) | (gather(high) << 12);
    north[i] = gather(low >>> 1) | (gather(high >>> 1) << 12);
  }
  return [east, north];
}

// gather moves the even bits of a number together.
function gather(n: number): number {
  n &= 0x555555;
  n = (n | (n >>> 1)) & 0x333333;
  n = (n | (n >>> 2)) & 0x0f0f0f;
  n = (n | (n >>> 4)) & 0x00ff00ff;
  return (n | (n >>> 8)) & 0xffff;
}

function readSpans(r: Reader, lengths: Uint32Array, steps: number): Spans {
  const [east, north] = readPlaces(r, lengths.length);
  const look = r.take(steps);
  const from = readSeconds(r, lengths, steps);
  const spans: Spans = {
    count: 0,
    x: new Float32Array(steps),
    y: new Float32Array(steps),
    from: new Float32Array(steps),
    until: new Float32Array(steps),
    look: new Uint8Array(steps),
  };
  let step = 0;
  lengths.forEach((length, event) => {
    const x = ((east[event] ?? 0) + 0.5) / 2 ** 24;
    const y = southing((((north[event] ?? 0) + 0.5) / 2 ** 24) * 180 - 90);
    for (const last = step + length - 1; step <= last; step++) {
      const shown = look[step] ?? 0;
      if (shown >> 2 === gone) continue;
      const at = spans.count++;
      spans.x[at] = x;
      spans.y[at] = y;
      spans.from[at] = from[step] ?? 0;
      spans.until[at] = step < last ? (from[step + 1] ?? forever) : forever;
      spans.look[at] = shown;
    }
  });
  return spans;
}

// readSeconds puts the seconds of all steps together, which the file has by rank and by unit.
function readSeconds(r: Reader, lengths: Uint32Array, steps: number): Float64Array {
  const from = new Float64Array(steps);
  for (let rank = 0; rank < 3; rank++) {
    for (const unit of [3600, 60, 1]) {
      let step = 0;
      for (const length of lengths) {
        const [begin, end] = [Math.min(rank, length), rank < 2 ? Math.min(rank + 1, length) : length];
        for (let i = begin; i < end; i++) from[step + i] = (from[step + i] ?? 0) + r.byte() * unit;
        step += length;
      }
    }
  }
  let step = 0;
  for (const length of lengths) {
    for (let i = 1; i < length; i++) from[step + i] = (from[step + i] ?? 0) + (from[step + i - 1] ?? 0);
    step += length;
  }
  return from;
}

// minuteAt is the numbers of the last whole minute at a second of the day.
export function minuteAt(tape: Tape, second: number): Minute | undefined {
  return tape.minutes[Math.max(0, Math.min(tape.minutes.length - 1, Math.floor(second / 60)))];
}

// shownAt counts the points on the map at a second, by phase.
export function shownAt({ spans }: Tape, second: number): number[] {
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < spans.count; i++) {
    if ((spans.from[i] ?? 0) > second || second >= (spans.until[i] ?? 0)) continue;
    const phase = (spans.look[i] ?? 0) >> 2;
    counts[phase] = (counts[phase] ?? 0) + 1;
  }
  return counts;
}
