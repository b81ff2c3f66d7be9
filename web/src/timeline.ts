// The line at the bottom: the fifty hours of the date around the globe, how many events begin in
// each, and where the clock stands.

import { type App, type State, find } from "./state.ts";
import { count, duration, fill, word } from "./words.ts";

const svg = "http://www.w3.org/2000/svg";
const hour = 3_600_000;
const width = 1000; // of the drawing, as its viewBox says
const height = 40;
const least = 2; // height of a bar without events, so that the line is seen

// hourOf is the place of an instant among the day's hours.
export function hourOf(app: App, instant: string): number {
  return Math.floor((Date.parse(instant) - Date.parse(app.page.dataset.opens ?? "")) / hour);
}

// hoursOf reads the numbers that the hub wrote, or makes as many empty hours as the day has.
export function hoursOf(page: HTMLElement): number[] {
  const written = (page.dataset.hours ?? "").split(",").filter(Boolean).map(Number);
  if (written.length > 0) return written;
  const span = Date.parse(page.dataset.closes ?? "") - Date.parse(page.dataset.opens ?? "");
  return new Array<number>(Math.max(1, Math.round(span / hour))).fill(0);
}

export function bindTimeline(app: App): () => void {
  const chart = find<SVGSVGElement>(app.page, "[data-line]");
  const clock = find<HTMLTimeElement>(app.page, "[data-clock]");
  const note = find<HTMLElement>(app.page, "[data-clock-note]");
  const opens = Date.parse(app.page.dataset.opens ?? "");
  const closes = Date.parse(app.page.dataset.closes ?? "");
  const slider = app.page.querySelector("[data-moment]"); // its thumb is the hand; the big screen has none
  let drawn: number[] | undefined;
  let minute = -1;
  let wasReplayed = false;

  const render = (state: State) => {
    const now = app.shown();
    const current = Math.floor(now / 60_000);
    const replayed = state.replay !== null;
    if (state.hours === drawn && current === minute && replayed === wasReplayed) return;
    wasReplayed = replayed;
    drawn = state.hours;
    minute = current;
    const along = (now - opens) / (closes - opens);
    draw(chart, state.hours, along);
    if (!slider && along >= 0 && along <= 1) chart.append(rect(along * width - 1, 0, 2, height, "hand"));
    clock.dateTime = new Date(now).toISOString();
    clock.textContent = `${clock.dateTime.slice(0, 10)} ${clock.dateTime.slice(11, 16)} UTC`;
    if (!replayed) note.textContent = noteAt(now, opens, closes);
  };
  const off = app.onRender(render);
  const ticking = setInterval(() => app.change(() => {}), 5_000);
  return () => {
    off();
    clearInterval(ticking);
  };
}

function noteAt(now: number, opens: number, closes: number): string {
  if (now < opens) return fill("before", duration(opens - now));
  if (now < closes) return fill("during", duration(closes - now));
  return word("after");
}

function draw(chart: SVGSVGElement, hours: number[], along: number): void {
  const most = Math.max(1, ...hours);
  const step = width / hours.length;
  const done = along * hours.length;
  const total = hours.reduce((sum, n) => sum + n, 0);
  chart.setAttribute("aria-label", count("timeline_hint", total));
  const shapes: SVGElement[] = hours.map((n, i) => {
    const tall = least + (height - least - 2) * Math.sqrt(n / most);
    const state = i + 1 <= done ? "past" : i < done ? "now" : "future";
    return rect(i * step + step * 0.14, height - tall, step * 0.72, tall, state);
  });
  chart.replaceChildren(...shapes);
}

function rect(x: number, y: number, w: number, h: number, className: string): SVGElement {
  const shape = document.createElementNS(svg, "rect");
  const attributes = { x, y, width: w, height: h, class: className };
  for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, String(value));
  return shape;
}
