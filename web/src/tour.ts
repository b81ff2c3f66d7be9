// The tour of the big screen: from one live event to the next, and when nothing is live, what comes
// next. The list of stops is fetched anew after each round and is never longer than its first page.

import { type Activity, type EventPage, type EventRow, EventsQuery, phaseOf, placeText, pointOf } from "./documents.ts";
import { ask } from "./graphql.ts";
import { pageLanguage } from "./words.ts";

// maxStops is how many live events one round shows; the next round shows what is live then.
export const maxStops = 30;

export interface Stop {
  id: string;
  title: string;
  language: string;
  host: string;
  place: string;
  way: string;
  live: boolean;
  startsAt: string;
  hours: string; // by the clock of the place, "" when that is not public
  at: [number, number] | null;
}

export type Load = (phase: "LIVE" | "UPCOMING", first: number) => Promise<Stop[]>;

export class Tour {
  readonly #load: Load;
  #stops: Stop[] = [];
  #asking: Promise<boolean> | null = null; // by all who want to go on meanwhile
  #gone = new Set<string>(); // what was taken back while a list was on its way

  constructor(load: Load) {
    this.#load = load;
  }

  // size is how many stops are still ahead.
  get size(): number {
    return this.#stops.length;
  }

  // next is where to go now; null when nothing is live and nothing comes, undefined when the hub cannot
  // be asked.
  async next(): Promise<Stop | null | undefined> {
    if (this.#stops.length === 0 && !(await (this.#asking ??= this.#refill()))) return undefined;
    return this.#stops.shift() ?? null;
  }

  async #refill(): Promise<boolean> {
    this.#gone.clear();
    try {
      let stops = await this.#load("LIVE", maxStops);
      if (stops.length === 0) stops = await this.#load("UPCOMING", 1);
      this.#stops = stops.filter((stop) => !this.#gone.has(stop.id)).slice(0, maxStops);
      return true;
    } catch {
      return false; // the next turn asks again
    } finally {
      this.#asking = null;
    }
  }

  // take looks at what happened: what is not public any more, or not live, is not gone to. It tells
  // whether the event that is shown must go.
  take(activity: Activity, shown: string | undefined): boolean {
    const { eventId, card, kind } = activity;
    if (!eventId) return false;
    const taken = activity.tombstone || kind === "EVENT_REMOVED";
    const ended = kind === "DAY_CHANGED" && card !== null && phaseOf(card.day) !== "LIVE";
    if (!taken && !ended) return false;
    if (this.#asking && this.#gone.size < maxStops) this.#gone.add(eventId);
    this.#stops = this.#stops.filter((stop) => stop.id !== eventId);
    return eventId === shown;
  }
}

// loadStops asks the hub.
export function loadStops(edition: string): Load {
  return async (phase, first) => {
    const variables = {
      edition,
      filter: { phases: [phase] },
      orderBy: "STARTS_AT",
      first,
      after: null,
      language: pageLanguage(),
    };
    const { events } = await ask<{ events: EventPage }>(EventsQuery, variables);
    return shuffled(events.nodes.map(stopOf));
  };
}

function stopOf(row: EventRow): Stop {
  const clock = (local: string | null) => local?.slice(11, 16) ?? "";
  const from = row.allDay ? "" : clock(row.startsAtLocal);
  return {
    id: row.id,
    title: row.title,
    language: row.language ?? "",
    host: row.host.displayName,
    place: placeText(row.place),
    way: row.way,
    live: phaseOf(row.day) === "LIVE",
    startsAt: row.startsAt,
    hours: from ? `\u2066${from}–${clock(row.endsAtLocal)}\u2069` : "", // from left to right always
    at: pointOf(row.place),
  };
}

// shuffled lets every round go another way, so that no event is always last.
function shuffled<T>(list: T[]): T[] {
  const all = [...list];
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [all[i], all[j]] = [all[j] as T, all[i] as T];
  }
  return all;
}
