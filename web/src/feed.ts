// "Happening now": the newest activities as lines. The same thing happening again to an event moves
// its line up and counts, so that a busy event does not push out the others.

import { type Activity, phaseOf, placeText } from "./documents.ts";
import { type App, type FeedLine, type State, find } from "./state.ts";
import { arrange } from "./arrange.ts";
import { openCard } from "./card.ts";
import { ago, count, number, word } from "./words.ts";

// maxLines is how many lines the feed shows, and how many wait while it is paused.
const maxLines = 30;

// maxGone bounds what is remembered of events that have gone: as many as a frame can tell of.
const maxGone = 500;

export function addToFeed(state: State, activity: Activity): void {
  if (activity.eventId && (activity.tombstone || activity.kind === "EVENT_REMOVED")) {
    forget(state, activity.eventId);
    return;
  }
  const line = lineOf(activity);
  if (!line) return;
  if (state.paused) state.waiting = withLine(state.waiting, line);
  else state.feed = withLine(state.feed, line);
}

// forget takes an event that is not public any more out of all that is shown.
export function forget(state: State, id: string): void {
  forgetLines(state, id);
  state.gone = [...state.gone, id].slice(-maxGone);
  if (state.list.rows) {
    state.list = { ...state.list, rows: state.list.rows.filter((row) => row.id !== id), still: true };
  }
  if (state.card?.id === id) state.card = null;
}

// linesOf is the feed as it stood after some activities, the oldest first.
export function linesOf(activities: Activity[]): FeedLine[] {
  const lines = activities.map((a) => (a.tombstone ? null : lineOf(a)));
  return lines.reduce<FeedLine[]>((feed, line) => (line ? withLine(feed, line) : feed), []);
}

// forgetLines takes what the feed said of an event out of it, in a replay, too.
export function forgetLines(state: State, id: string): void {
  const others = (lines: FeedLine[]) => lines.filter((line) => line.eventId !== id);
  state.feed = others(state.feed);
  state.waiting = others(state.waiting);
  if (state.replay) state.replay = { ...state.replay, feed: others(state.replay.feed) };
}

function withLine(lines: FeedLine[], line: FeedLine): FeedLine[] {
  const before = lines.find((l) => l.key === line.key);
  const counted = before ? { ...line, count: line.count + before.count } : line;
  return [counted, ...lines.filter((l) => l !== before)].slice(0, maxLines);
}

function lineOf(a: Activity): FeedLine | null {
  if (!a.eventId || !a.card) return null;
  return {
    key: `${a.kind} ${a.eventId} ${a.kind === "DAY_CHANGED" ? a.card.day : ""}`,
    kind: a.kind,
    day: a.card.day,
    eventId: a.eventId,
    title: a.card.title,
    way: a.card.way,
    place: placeText(a.card.place),
    country: a.card.place.countryName ?? a.card.place.country ?? "",
    at: Date.parse(a.at),
    count: a.count ?? 0,
  };
}

export function bindFeed(app: App): () => void {
  const list = find<HTMLOListElement>(app.page, "[data-feed]");
  const pause = find<HTMLButtonElement>(app.page, "[data-pause]");
  const empty = find<HTMLElement>(app.page, "[data-feed-empty]");
  const others = find<HTMLElement>(app.page, "[data-feed-more]");
  const items = new Map<string, HTMLLIElement>();
  let drawn: FeedLine[] | undefined;

  const render = (state: State) => {
    pause.setAttribute("aria-pressed", String(state.paused));
    const more = state.waiting.length ? ` (${count("waiting", state.waiting.length)})` : "";
    pause.textContent = state.paused ? word("resume") + more : word("pause");
    others.hidden = state.omitted === 0 || state.paused || state.replay !== null;
    others.textContent = count("and_more", state.omitted);
    const lines = state.replay ? state.replay.feed : state.feed;
    if (lines === drawn) return;
    empty.hidden = lines.length > 0;
    draw(list, items, lines, app.shown(), new Set(state.replay ? [] : state.firsts));
    drawn = lines;
  };

  const toggle = () =>
    app.change((s) => {
      s.paused = !s.paused;
      if (s.paused) return;
      s.feed = s.waiting.reduceRight(withLine, s.feed);
      s.waiting = [];
    });
  const open = (event: Event) => {
    const item = (event.target as Element).closest<HTMLElement>("[data-event]");
    if (item?.dataset.event) openCard(app, item.dataset.event);
  };
  const aging = setInterval(() => {
    for (const line of drawn ?? []) age(items.get(line.key), line, app.shown());
  }, 15_000);

  pause.addEventListener("click", toggle);
  list.addEventListener("click", open);
  const off = app.onRender(render);
  return () => {
    off();
    clearInterval(aging);
    pause.removeEventListener("click", toggle);
    list.removeEventListener("click", open);
  };
}

// draw keeps the elements of lines that stay, and the focus where it is.
function draw(
  list: HTMLOListElement,
  items: Map<string, HTMLLIElement>,
  lines: FeedLine[],
  now: number,
  firsts: Set<string>,
): void {
  const keys = new Set(lines.map((l) => l.key));
  for (const key of items.keys()) {
    if (!keys.has(key)) items.delete(key);
  }
  const all = lines.map((line) => {
    const item = items.get(line.key) ?? newItem(line);
    items.set(line.key, item);
    if (firsts.has(line.eventId)) item.dataset.first = "";
    age(item, line, now);
    return item;
  });
  arrange(list, all);
}

function newItem(line: FeedLine): HTMLLIElement {
  const item = document.createElement("li");
  item.className = "feed-line";
  item.dataset.way = line.way;
  item.dataset.phase = line.kind === "DAY_CHANGED" ? phaseOf(line.day) : "";
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.event = line.eventId;
  const title = document.createElement("span");
  title.className = "feed-title";
  title.dir = "auto";
  title.textContent = line.title;
  const note = document.createElement("span");
  note.className = "feed-note";
  button.append(title, note);
  item.append(button);
  return item;
}

function age(item: HTMLLIElement | undefined, line: FeedLine, now: number): void {
  const note = item?.querySelector(".feed-note");
  if (!note) return;
  const first = item?.dataset.first === "" ? `${word("find.first").replace("#", line.country)} · ` : "";
  const text = `${first}${describe(line)} · ${ago(line.at, now)}`;
  if (note.textContent !== text) note.textContent = text;
}

function describe(line: FeedLine): string {
  const what = line.kind === "DAY_CHANGED" ? word(`day.${line.day}`) : word(`kind.${line.kind}`);
  const times = line.count > 1 ? ` ×${number(line.count)}` : "";
  return [what + times, line.place].filter(Boolean).join(" · ");
}
