// The date at sea, where the clock is that of the meridian: zones fifteen degrees wide but for the two
// halves at the date line.

import { type Palette, channels, tint } from "./palette.ts";
import { dayAtSea, phaseAt, progressAt } from "./wave.ts";

// seaOffsets are the sea's zones, in hours from UTC, from west to east.
export const seaOffsets = [...Array(25).keys()].map((i) => i - 12);

// seaColors is the color of each zone at an instant: red, green and blue, one zone after the other.
export function seaColors(date: string, at: number, p: Palette): number[] {
  return seaOffsets.flatMap((offset) => channels(tint(p, progressAt(dayAtSea(date, offset), at))));
}

// What a meridian between two zones is at an instant.
export const front = { none: 0, begins: 1, ends: 2 } as const;

// seaFronts tells of each meridian between two zones, from west to east, whether the date begins or
// ends there. The last zone and the first meet at the date line, in the middle of one of fifteen
// degrees.
export function seaFronts(date: string, at: number): number[] {
  const phases = seaOffsets.map((offset) => phaseAt(dayAtSea(date, offset), at));
  return phases.slice(1).map((east, i) => {
    const west = phases[i];
    if (west === east) return front.none;
    return west === "before" ? front.begins : front.ends;
  });
}
