// The date on its way round the globe: when it begins and ends in each class of time zones, as the
// hub knows it, and the words about the viewer's own place and the one under the pointer.

import { lazy, persist } from "./lazy.ts";
import { type App, type State, find } from "./state.ts";
import { clockIn, duration, fill, numerals, word } from "./words.ts";

const hour = 3_600_000;
const day = 24 * hour;

// A Day is when the date begins and ends somewhere, in milliseconds since 1970.
export interface Day {
  starts: number;
  ends: number;
  zone: string; // any of its time zones
}

export interface Wave {
  classes: Day[]; // by the number that land bears on the base map
  classOf: Map<string, number>; // of a time zone by its name
}

export type Phase = "before" | "in" | "after";

export function phaseAt(d: Day, at: number): Phase {
  return at < d.starts ? "before" : at < d.ends ? "in" : "after";
}

// progressAt is how much of the date has passed: below 0 it has not begun, from 1 on it is over.
export function progressAt(d: Day, at: number): number {
  if (at < d.starts) return -1;
  return at >= d.ends ? 1 : (at - d.starts) / (d.ends - d.starts);
}

// dayAtSea is the day of a zone of the sea, so many hours east of Greenwich; date is such as
// "2026-03-07".
export function dayAtSea(date: string, offset: number): Day {
  const starts = Date.parse(`${date}T00:00:00Z`) - offset * hour;
  // Names of these zones have their signs the other way round.
  const zone = offset === 0 ? "Etc/GMT" : `Etc/GMT${offset > 0 ? "-" : "+"}${Math.abs(offset)}`;
  return { starts, ends: starts + day, zone };
}

// seaOffset is in which of the sea's zones a longitude lies.
export function seaOffset(longitude: number): number {
  return Math.floor((longitude + 187.5) / 15) - 12;
}

export function waveOf(days: { zones: string[]; starts: number; ends: number }[]): Wave {
  const classOf = new Map<string, number>();
  const classes = days.map(({ zones, starts, ends }, i): Day => {
    for (const zone of zones) classOf.set(zone, i);
    return { starts: starts * 1000, ends: ends * 1000, zone: zones[0] ?? "Etc/GMT" };
  });
  return { classes, classOf };
}

// answerWithin is how long, in milliseconds, the hub may take to tell the wave.
const answerWithin = 30_000;

let wave: (() => Promise<Wave>) | undefined;

async function askWave(address: string): Promise<Wave> {
  const answer = await fetch(address, { signal: AbortSignal.timeout(answerWithin) });
  if (!answer.ok) throw new Error(`the wave is not there: ${answer.status}`);
  return waveOf((await answer.json()) as Parameters<typeof waveOf>[0]);
}

// withWave hands on the wave when it has come; the hub is asked once a page, and until it answers.
export function withWave(app: App, take: (wave: Wave) => void): void {
  const come = (wave ??= lazy(() => askWave(app.page.dataset.wave ?? "")));
  persist(app, async () => take(await come()), (reason) => console.warn("no wave:", reason));
}

// bindWave writes the words beside the map, of now or of the moment that is replayed. They change by the
// minute and are never spoken by themselves.
export function bindWave(app: App): () => void {
  const box = find<HTMLElement>(app.page, "[data-wave-box]");
  const here = find<HTMLElement>(box, "[data-wave-here]");
  const there = find<HTMLElement>(box, "[data-wave-there]");
  let wave: Wave | undefined;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const render = (state: State) => {
    const shown = app.shown();
    const then = state.replay ? "_then" : "";
    showPhase(app, box, app.now());
    showMoment(app, box, state.replay?.at);
    const class_ = wave?.classOf.get(own);
    const ownDay = class_ === undefined ? undefined : wave?.classes[class_];
    say(here, ownDay && sentence(`here${then}`, ownDay, own, shown));
    const day = state.pointed;
    say(there, day && sentence(`there${then}`, day, offsetIn(day.zone, shown), shown));
  };
  const off = app.onRender(render);
  withWave(app, (found) => {
    wave = found;
    app.change(() => {});
  });
  return off;
}

// say changes an element only where its words change.
function say(element: HTMLElement, words: string | null | undefined): void {
  element.hidden = !words;
  if (words && element.textContent !== words) element.textContent = words;
}

function sentence(where: `${"here" | "there"}${"" | "_then"}`, d: Day, zone: string, now: number): string {
  const phase = phaseAt(d, now);
  const left = duration(roundUp((phase === "before" ? d.starts : d.ends) - now));
  return word(`wave.${where}_${phase}`)
    .replace("{zone}", isolated(zone.replaceAll("_", " ")))
    .replace("{clock}", isolated(clockIn(d.zone, now)))
    .replace("{left}", isolated(left));
}

// roundUp lets the last minute say "1 min" and not "0 min".
function roundUp(ms: number): number {
  return Math.ceil(ms / 60_000) * 60_000;
}

// isolated keeps a part in its own direction within a sentence of the other one.
function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}

// offsetIn is how a zone stands to UTC at an instant, such as UTC+05:45.
function offsetIn(zone: string, at: number): string {
  try {
    const parts = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
    const name = parts.formatToParts(at).find((part) => part.type === "timeZoneName")?.value ?? "";
    return name.replace("GMT", "UTC");
  } catch {
    return zone; // a zone that this browser does not know
  }
}

// showMoment says where the date was at the moment that is replayed, in the place of the words of now.
function showMoment(app: App, box: HTMLElement, at: number | undefined): void {
  const then = find<HTMLElement>(box, "[data-wave-then]");
  find<HTMLElement>(box, "[data-wave-words]").hidden = at !== undefined;
  then.hidden = at === undefined;
  if (at === undefined) return;
  const opens = Date.parse(app.page.dataset.opens ?? "");
  const closes = Date.parse(app.page.dataset.closes ?? "");
  // The slider's last moment is the first after the date.
  say(then, fill("wave.then", ...rangeAt(opens, closes, Math.min(at, closes - 1))));
}

// showPhase counts down to the first midnight, says where the date is, and asks the hub for the last
// words when the day is over everywhere.
function showPhase(app: App, box: HTMLElement, now: number): void {
  const opens = Date.parse(app.page.dataset.opens ?? "");
  const closes = Date.parse(app.page.dataset.closes ?? "");
  const count = box.querySelector<HTMLElement>("[data-wave-count]");
  if (count) say(count, countdown(opens - now));
  const phase = now < opens ? "before" : now < closes ? "in" : "after";
  if (phase === "in" && box.dataset.wavePhase === "before") begin(box, rangeAt(opens, closes, now));
  const range = box.querySelector<HTMLElement>("[data-wave-now]");
  if (range && now < closes) say(range, fill("wave.now", ...rangeAt(opens, closes, now)));
  if (box.dataset.wavePhase !== phase) void renew(box, phase);
}

// begin writes the words of the day itself: at the first midnight all pages that are open would ask
// the hub for them at once.
function begin(box: HTMLElement, range: string[]): void {
  const now = document.createElement("p");
  now.className = "fine";
  now.dataset.waveNow = "";
  now.textContent = fill("wave.now", ...range);
  find(box, "[data-wave-words]").replaceChildren(now);
  box.dataset.wavePhase = "in";
}

// renewEvery is how long, in milliseconds, to wait before the hub is asked once more: a cache may
// still have the page of the phase before. The first time comes at random within spread, so that not
// all open pages ask in the same moment.
const renewEvery = 10_000;
const spread = 60_000;
let due: number | undefined;

async function renew(box: HTMLElement, phase: Phase): Promise<void> {
  due ??= performance.now() + Math.random() * spread;
  if (performance.now() < due) return;
  due = performance.now() + renewEvery;
  try {
    const answer = await fetch(location.pathname + location.search, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector<HTMLElement>("[data-wave-box]");
    if (fresh?.dataset.wavePhase !== phase) return;
    find(box, "[data-wave-words]").replaceChildren(...find(fresh, "[data-wave-words]").childNodes);
    box.dataset.wavePhase = phase;
  } catch {
    // The hub cannot be reached; the words that stand are those of the phase before.
  }
}

// countdown says days, hours and minutes.
export function countdown(ms: number): string {
  const minutes = Math.max(0, Math.ceil(ms / 60_000));
  const parts: [number, string][] = [
    [Math.floor(minutes / 1440), "day"],
    [Math.floor(minutes / 60) % 24, "hour"],
    [minutes % 60, "minute"],
  ];
  const shown = parts.slice(parts.findIndex(([n], i) => n > 0 || i === 2));
  return shown
    .map(([n, unit]) =>
      new Intl.NumberFormat(numerals(), { style: "unit", unit, unitDisplay: "long" }).format(n),
    )
    .join(" ");
}

// rangeAt is from which offset to which walls show the date, as the hub says it.
export function rangeAt(opens: number, closes: number, now: number): [west: string, east: string] {
  const least = Math.max(-12, 14 - Math.floor((now - opens) / hour));
  const most = Math.min(14, Math.ceil((closes - now) / hour) - 13);
  return [offsetName(least), offsetName(most)];
}

function offsetName(hours: number): string {
  return `UTC${hours < 0 ? "-" : "+"}${String(Math.abs(hours)).padStart(2, "0")}:00`;
}
