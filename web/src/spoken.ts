// What a screen reader hears of the day: one polite sentence every half minute about what has
// changed, rather than every event, and nothing while nothing changes.

import type { Counts } from "./documents.ts";
import { type App, type State, find } from "./state.ts";
import { number, numerals, word } from "./words.ts";

// every is how often it is spoken at most, in milliseconds.
const every = 30_000;

// maxNamed is how many places of new events are named.
const maxNamed = 2;

// Heard is what there was when it was last spoken.
export interface Heard {
  checkIns: number;
  cheers: number;
  events: number;
  live: number;
}

export function heardOf({ world }: Counts): Heard {
  return { checkIns: world.checkIns.value, cheers: world.cheers.value, events: world.events, live: world.live };
}

// sentence says what has become more since; "" when nothing has.
export function sentence(before: Heard, now: Heard, places: string[]): string {
  const parts: string[] = [];
  const add = (key: string, more: number, rest = "") => {
    if (more > 0) parts.push(word(key).replace("#", number(more)) + rest);
  };
  const where = places.slice(0, maxNamed).join(", ");
  add("find.said_check_ins", now.checkIns - before.checkIns);
  add("find.said_cheers", now.cheers - before.cheers);
  add("find.said_events", now.events - before.events, where && ` (${where})`);
  add("find.said_live", now.live - before.live);
  if (parts.length === 0) return "";
  const list = new Intl.ListFormat(numerals(), { type: "unit", style: "short" });
  return `${word("find.said")} ${list.format(parts)}`;
}

// isLost is whether what happens does not reach the page: a hidden one lets go of its connection.
function isLost({ stream }: State): boolean {
  return document.hidden || stream === "connecting" || stream === "offline";
}

export function bindSpoken(app: App): () => void {
  const said = find<HTMLElement>(app.page, "[data-feed-said]");
  let before: Heard | null = null;
  let since = app.now();
  let lost = false; // whether there was no connection at some time since then
  const places = (state: State) => [
    ...new Set(
      state.feed
        .filter((line) => line.kind === "EVENT_LISTED" && line.at >= since && line.country)
        .map((line) => line.country),
    ),
  ];
  const speak = () => {
    const { counts, paused, replay } = app.state;
    if (!counts) return;
    const now = heardOf(counts);
    // A replay says itself what it shows. What comes after a silence is not all of the last half minute.
    const silent = paused || replay || lost;
    const text = before && !silent ? sentence(before, now, places(app.state)) : "";
    before = now;
    since = app.now();
    lost = isLost(app.state);
    if (text && said.textContent !== text) said.textContent = text;
  };
  const off = app.onRender((state) => {
    if (state.counts && !before) before = heardOf(state.counts);
    lost ||= isLost(state);
  });
  const timer = setInterval(speak, every);
  return () => {
    off();
    clearInterval(timer);
  };
}
