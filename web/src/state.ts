// The state of the map page: one object, changed only through change(), drawn once a frame. Slices
// are replaced, not changed within, so that a view sees by identity whether it has to draw.

import type { Day } from "./wave.ts";
import type { Activity, Counts, EventDetail, EventRow, Mark } from "./documents.ts";
import type { Tape } from "./tape.ts";

export interface Filter {
  text: string;
  country: string;
  phase: string;
  way: string;
  theme: string;
  language: string;
  access: string[];
}

export interface Near {
  latitude: number;
  longitude: number;
  withinKm: number;
  name?: string; // of the town, when one was chosen
}

// View is the middle and the zoom of the map, and Bounds a part of it: west, south, east, north.
export interface View {
  latitude: number;
  longitude: number;
  zoom: number;
}

export type Bounds = [number, number, number, number];

export type Sort = "" | "start" | "listed" | "distance";

export interface FeedLine {
  key: string; // what happened to which event; the same again moves up and counts
  kind: string;
  day: string;
  eventId: string;
  title: string;
  way: string;
  place: string;
  country: string;
  at: number;
  count: number;
}

export interface List {
  rows: EventRow[] | null; // null while the rows that the hub wrote still stand
  next: string | null;
  total: number | null;
  from: number; // the first row that "More" brought; 0 when nothing has been added
  further: Mark[]; // what was found beyond the rows, for the map
  phase: "idle" | "loading" | "failed";
  still: boolean; // whether the map stays where it is, because the rows came with its own view
}

export interface Card {
  id: string;
  event: EventDetail | null;
  phase: "loading" | "ready" | "failed";
  cheered: boolean;
  said: string;
  stale?: boolean; // whether something has changed since that the card tells of
}

// Replay is a moment of the day that is shown instead of now. The live stream goes on behind it.
export interface Replay {
  at: number; // milliseconds since 1970, a whole second
  told: number; // the moment that counts and feed are exactly of; 0 for none
  playing: boolean;
  speed: number; // seconds of the day in a second
  phase: "loading" | "ready" | "failed";
  tape: Tape | null;
  counts: Counts | null; // null until they are known
  feed: FeedLine[];
}

export interface State {
  panel: "now" | "list";
  stream: "connecting" | "connected" | "polling" | "offline";
  counts: Counts | null;
  feed: FeedLine[];
  omitted: number; // how many more happened than the newest lines show
  paused: boolean;
  waiting: FeedLine[]; // what came while the feed was paused
  filter: Filter;
  near: Near | null;
  list: List;
  as: "list" | "table";
  sort: Sort; // "" is by start, or by distance when near
  view: View | null; // where the map was moved to; null where it began
  goal: Bounds | null; // where the map is to go; null when it has gone
  firsts: string[]; // events that were the first of their country
  card: Card | null;
  hours: number[];
  latest: Activity[]; // of this frame, for the map; emptied when it has drawn them
  replay: Replay | null; // null for now
  snapshot: string; // the position that everything was last fetched anew from; "" if it never was
  takenBack: number; // the log position of the last thing that may have been taken back
  unseen: number; // log position up to which more has happened than the map was told
  gone: string[]; // events that the rows that the hub wrote must not show any more
  days: Record<string, string>; // what has become of events in the rows that the hub wrote, by id
  turned: number; // rises when the day of any event may have changed
  pointed?: Day | null; // when the date begins and ends at the place that is looked at
  resync: number; // rises when everything must be fetched anew
}

// emptyState is a page's state before anything has come; hours are those that the hub wrote.
export function emptyState(hours: number[]): State {
  return {
    panel: "now",
    stream: "connecting",
    counts: null,
    feed: [],
    omitted: 0,
    paused: false,
    waiting: [],
    filter: { text: "", country: "", phase: "", way: "", theme: "", language: "", access: [] },
    near: null,
    list: { rows: null, next: null, total: null, from: 0, further: [], phase: "idle", still: true },
    as: "list",
    sort: "",
    view: null,
    goal: null,
    firsts: [],
    card: null,
    hours,
    latest: [],
    replay: null,
    snapshot: "",
    takenBack: 0,
    unseen: 0,
    gone: [],
    days: {},
    turned: 0,
    resync: 0,
  };
}

export interface App {
  readonly state: State;
  readonly page: HTMLElement;
  readonly edition: string;
  readonly now: () => number;
  readonly shown: () => number; // the instant that the page tells of: now, or that of the replay
  change(by: (state: State) => void): void;
  onRender(view: (state: State) => void): () => void;
}

// maxLatest bounds what waits for a map that is not there yet or cannot keep up.
const maxLatest = 500;

export function keepLatest(state: State, activity: Activity): void {
  state.latest = [...state.latest, activity].slice(-maxLatest);
  if (takesBack(activity)) state.takenBack = Math.max(state.takenBack, activity.seq);
}

// takesBack tells what may have been withdrawn or moved, so that older news of it must go.
function takesBack({ kind, tombstone, card }: Activity): boolean {
  return tombstone || kind === "EVENT_REMOVED" || kind === "EVENT_REVISED" || card?.day === "MOVED";
}

export function newApp(page: HTMLElement, now: () => number, state: State): App {
  const views = new Set<(state: State) => void>();
  let due = false;
  const render = () => {
    due = false;
    for (const view of views) view(state);
  };
  return {
    state,
    page,
    edition: page.dataset.edition ?? "",
    now,
    shown: () => state.replay?.at ?? now(),
    change(by) {
      by(state);
      if (due) return;
      due = true;
      // A hidden page gets no frames, yet a screen reader or a test may still look at it.
      if (document.hidden) setTimeout(render, 50);
      else requestAnimationFrame(render);
    },
    onRender(view) {
      views.add(view);
      return () => views.delete(view);
    },
  };
}

// find is the page's element that a view cannot do without.
export function find<E extends Element>(page: ParentNode, selector: string): E {
  const found = page.querySelector<E>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}
