// The big screen: the globe goes from live event to live event, with the numbers, the newest news and
// a code that leads people to the map. It has no controls and runs for days: every list is bounded,
// elements are used again, and what the hub takes back is gone at once.

import { ageOf, clockFrom } from "./clock.ts";
import { bindCounters } from "./counters.ts";
import type { Activity } from "./documents.ts";
import { bindKiosk } from "./kiosk.ts";
import { wantsStillness } from "./look.ts";
import { bindPoster } from "./poster.ts";
import type { ScreenGlobe } from "./screenglobe.ts";
import { type App, type FeedLine, type State, emptyState, find, newApp } from "./state.ts";
import { bindStream } from "./stream.ts";
import { bindTimeline, hoursOf } from "./timeline.ts";
import { type Stop, Tour, loadStops } from "./tour.ts";
import { countdown } from "./wave.ts";
import { ago, duration, fetchScripted, number, useWords, word } from "./words.ts";

// stay is how long, in milliseconds, the tour stays at an event.
const stay = 12_000;

// againAfter is after how long, in milliseconds, a screen that did not get its words begins again.
const againAfter = 10_000;

// maxNews is how many of the newest lines are on the screen at most: as many as are whole in their room.
export const maxNews = 6;

// newsView draws the newest lines into elements that are made once.
export function newsView(list: HTMLElement, now: () => number): (feed: FeedLine[]) => void {
  const items = Array.from({ length: maxNews }, () => {
    const item = document.createElement("li");
    const title = document.createElement("b");
    title.dir = "auto";
    const note = document.createElement("span");
    item.append(title, note);
    item.hidden = true;
    return { item, title, note };
  });
  list.replaceChildren(...items.map(({ item }) => item));
  return (feed) => {
    items.forEach(({ item, title, note }, i) => {
      const line = feed[i];
      item.hidden = !line;
      if (!line) return;
      item.dataset.way = line.way;
      title.textContent = line.title;
      writeParts(note, [whatOf(line), ago(line.at, now()), line.place]); // a long place may be cut off
    });
  };
}

function whatOf(line: FeedLine): string {
  const what = word(line.kind === "DAY_CHANGED" ? `day.${line.day}` : `kind.${line.kind}`);
  return line.count > 1 ? `${what} ×${number(line.count)}` : what;
}

// writeParts sets texts of any direction side by side, in the page's own order.
function writeParts(place: HTMLElement, parts: string[]): void {
  const pieces = parts.filter(Boolean).flatMap((text, i) => {
    const piece = document.createElement("bdi");
    piece.textContent = text;
    return i > 0 ? [" · ", piece] : [piece];
  });
  place.replaceChildren(...pieces);
}

// stopView draws where the tour is; undefined is nowhere, because the hub cannot be asked.
function stopView(app: App): (stop: Stop | null | undefined) => void {
  const box = find<HTMLElement>(app.page, "[data-stop]");
  const part = (name: string) => find<HTMLElement>(box, `[data-stop-${name}]`);
  const [label, title, note, host] = [part("label"), part("title"), part("note"), part("host")];
  let drawn: string | undefined;
  return (stop) => {
    box.dataset.way = stop?.way ?? "";
    box.dataset.live = String(stop?.live ?? false);
    if (drawn !== undefined && drawn !== (stop?.id ?? "")) appear(box);
    drawn = stop?.id ?? "";
    box.hidden = stop === undefined;
    if (!stop) {
      const over = app.now() > Date.parse(app.page.dataset.closes ?? "");
      label.textContent = "";
      title.textContent = word(over ? "screen.over" : "screen.none");
      title.removeAttribute("lang");
      note.textContent = host.textContent = "";
      return;
    }
    const wait = Date.parse(stop.startsAt) - app.now();
    const soon = wait > 0 ? ` · ${duration(wait)}` : "";
    label.textContent = stop.live ? word("screen.live") : word("screen.next") + soon;
    title.textContent = stop.title;
    title.lang = stop.language;
    writeParts(note, [stop.place, stop.hours]);
    writeParts(host, [stop.host]);
  };
}

function appear(box: HTMLElement): void {
  if (wantsStillness()) return;
  box.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 700, easing: "ease-out" });
}

export type Hero = "countdown" | "live" | "all";

// heroAt is what the screen says largest: how long it is until the day begins, what is live, or, while
// nothing is, how many events there are. The hub chooses by the same rule for the first paint.
export function heroAt(now: number, opens: number, closes: number, live: number): Hero {
  if (now < opens) return "countdown";
  return now < closes && live > 0 ? "live" : "all";
}

// heroView lets the sheets of style know what is largest, and counts down.
function heroView(app: App): (state: State) => void {
  const { page } = app;
  const left = find<HTMLElement>(page, "[data-left]");
  const [opens, closes] = [Date.parse(page.dataset.opens ?? ""), Date.parse(page.dataset.closes ?? "")];
  return ({ counts }) => {
    const now = app.now();
    const hero = heroAt(now, opens, closes, counts?.world.live ?? (page.dataset.hero === "live" ? 1 : 0));
    if (page.dataset.hero !== hero) page.dataset.hero = hero;
    const text = countdown(opens - now);
    if (hero === "countdown" && left.textContent !== text) left.textContent = text;
  };
}

// coverageView says where the number of people comes from.
function coverageView(app: App): (state: State) => void {
  const place = find<HTMLElement>(app.page, "[data-coverage]");
  const asOf = app.page.querySelector("[data-as-of]")?.parentElement;
  return ({ counts }) => {
    if (!counts) return;
    const { checkIns, cheers, events } = counts.world;
    const values = [checkIns.value, cheers.value, Math.max(checkIns.reported, cheers.reported), events];
    const text = word("screen.confirmed").replace(/\{(\d)\}/g, (_, i: string) => number(values[Number(i)] ?? 0));
    if (place.textContent !== text) place.textContent = text;
    if (asOf) asOf.hidden = !counts.asOf;
  };
}

function start(page: HTMLElement): void {
  const clock = clockFrom(page.dataset.now ?? "", ageOf(document));
  const app = newApp(page, clock.now, emptyState(hoursOf(page)));
  const kiosk = bindKiosk(page.dataset.build ?? "", () => location.reload());
  const tour = new Tour(loadStops(app.edition));
  const [news, show, coverage, hero] = [
    newsView(find(page, "[data-news]"), app.now),
    stopView(app),
    coverageView(app),
    heroView(app),
  ];
  const lost = find<HTMLElement>(page, "[data-lost]");
  let globe: ScreenGlobe | null = null;
  let shown: Stop | null = null;
  let turn: ReturnType<typeof setTimeout> | undefined;
  let gone = false; // what is shown may not be any longer

  const go = async () => {
    clearTimeout(turn);
    turn = setTimeout(() => void go(), stay);
    const next = await tour.next();
    if (next === undefined && !gone) return; // what is shown may well still be live
    gone = false;
    shown = next ?? null;
    show(next);
    globe?.go(shown?.at ?? null);
  };
  const take = (latest: Activity[]) => {
    if (latest.length > 0) kiosk.happened();
    const moved = latest.filter((activity) => tour.take(activity, shown?.id));
    globe?.take(latest);
    if (moved.length === 0) return;
    gone = true;
    void go();
  };

  bindCounters(app);
  bindTimeline(app);
  bindPoster(app);
  app.onRender((state) => {
    const latest = state.latest;
    state.latest = [];
    globe?.refresh(state.resync, state.snapshot);
    take(latest);
    globe?.upTo(state.unseen);
    news(state.feed);
    coverage(state);
    hero(state);
    lost.hidden = state.stream !== "offline";
  });
  bindStream(app, clock.hear);
  app.change(() => {});
  void go();
  requestAnimationFrame(() =>
    requestAnimationFrame(async () => {
      try {
        const { screenGlobe } = await import("./screenglobe.ts");
        globe = screenGlobe(app);
        globe.go(shown?.at ?? null);
      } catch (reason) {
        page.dataset.map = "none"; // the hub's picture stays
        console.warn("no map:", reason);
      }
    }),
  );
}

const screen = document.getElementById("screen");
if (screen) {
  fetchScripted(screen).then(
    ({ words }) => {
      useWords(words);
      start(screen);
    },
    () => setTimeout(() => location.reload(), againAfter), // nobody is near to do it
  );
} else {
  bindKiosk("", () => location.reload()); // no day is announced yet: asks again while the hub answers
}
