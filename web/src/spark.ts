// The sparkline over the day's hours: how much happened, in every ten minutes.

import type { Tape } from "./tape.ts";

const width = 1000; // of the drawing, as its viewBox says
const height = 40;
const bucket = 10; // minutes

let drawn: Tape | null = null;

export function drawSpark(page: HTMLElement, tape: Tape | null): void {
  if (tape === drawn) return;
  drawn = tape;
  page.querySelector("[data-spark] path")?.setAttribute("d", tape ? sparkOf(tape.acts, tape.span) : "");
}

// sparkOf is the line's path. Its height grows with the root of the number: a quiet night shows
// beside a busy noon.
export function sparkOf(acts: number[], span: number): string {
  const sums: number[] = [];
  acts.forEach((n, minute) => {
    const at = Math.floor(Math.max(0, minute - 1) / bucket);
    sums[at] = (sums[at] ?? 0) + n;
  });
  const most = Math.max(1, ...sums);
  const step = (width * bucket * 60) / span;
  const points = sums.map((n, i) => {
    const y = height - 2 - (height - 6) * Math.sqrt(n / most);
    return `${((i + 0.5) * step).toFixed(1)} ${y.toFixed(1)}`;
  });
  return points.length ? `M${points.join("L")}` : "";
}
