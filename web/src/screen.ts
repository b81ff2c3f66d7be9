// The big screen: the globe goes from live event to live event, with the numbers, the newest news and
// a code that leads people to the map. It has no controls and runs for days: every list is bounded,
// elements are used again, and what the hub takes back is gone at once.

import { ageOf, clockFrom } from "./clock.ts";
import { bindCounters } from "./counters.ts";
import type { Activity } from "./documents.ts";
import { bindKiosk } from "./kiosk.ts";
import type { ScreenGlobe } from "./screenglobe.ts";
import { type App, type FeedLine, type State, emptyState, find, newApp } from "./state.ts";
import { bindStream } from "./stream.ts";
import { bindTimeline, hoursOf } from "./timeline.ts";
import { type Stop, Tour, loadStops } from "./tour.ts";
import { ago, duration, fetchScripted, number, useWords, word } from "./words.ts";

// stay is how long, in milliseconds, the tour stays at an event.
const stay = 12_000;

// againAfter is after how long, in milliseconds, a screen that did not get its words begins again.
const againAfter = 10_000;

// maxNews is how many of the newest lines are on the screen.
export const maxNews = 4;

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
      writeParts(note, [whatOf(line), line.place, ago(line.at, now())]);
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

// stopView draws where the tour is.
function stopView(app: App): (stop: Stop | null) => void {
  const box = find<HTMLElement>(app.page, "[data-stop]");
  const part = (name: string) => find<HTMLElement>(box, `[data-stop-${name}]`);
  const [label, title, note] = [part("label"), part("title"), part("note")];
  return (stop) => {
    box.dataset.way = stop?.way ?? "";
    box.dataset.live = String(stop?.live ?? false);
    if (!stop) {
      const over = app.now() > Date.parse(app.page.dataset.closes ?? "");
      label.textContent = "";
      title.textContent = word(over ? "screen.over" : "screen.none");
      note.textContent = "";
      return;
    }
    const wait = Date.parse(stop.startsAt) - app.now();
    const soon = wait > 0 ? ` · ${duration(wait)}` : "";
    label.textContent = stop.live ? word("screen.live") : word("screen.next") + soon;
    title.textContent = stop.title;
    title.lang = stop.language;
    writeParts(note, [stop.host, stop.place, stop.hours]);
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
  const [news, show, coverage] = [
    newsView(find(page, "[data-news]"), app.now),
    stopView(app),
    coverageView(app),
  ];
  const lost = find<HTMLElement>(page, "[data-lost]");
  let globe: ScreenGlobe | null = null;
  let shown: Stop | null = null;
  let turn: ReturnType<typeof setTimeout> | undefined;
  let resync = 0;

  const go = async () => {
    clearTimeout(turn);
    turn = setTimeout(() => void go(), stay);
    shown = await tour.next();
    show(shown);
    globe?.go(shown?.at ?? null);
  };
  const take = (latest: Activity[]) => {
    if (latest.length > 0) kiosk.happened();
    const moved = latest.filter((activity) => tour.take(activity, shown?.id));
    globe?.take(latest);
    if (moved.length > 0) void go();
  };

  bindCounters(app);
  bindTimeline(app);
  app.onRender((state) => {
    const latest = state.latest;
    state.latest = [];
    take(latest);
    globe?.upTo(state.unseen);
    news(state.feed);
    coverage(state);
    lost.hidden = state.stream !== "offline";
    if (state.resync !== resync) globe?.refresh();
    resync = state.resync;
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
}
