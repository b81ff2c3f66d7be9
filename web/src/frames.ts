// What a frame, or an activity read while there is no stream, does to the state of the page.

import type { Activity, Counts, Frame, Mark } from "./documents.ts";
import { addToFeed, forget, forgetLines } from "./feed.ts";
import { type App, type State, keepLatest } from "./state.ts";
import { hourOf } from "./timeline.ts";

// Reader is how far the page has read the log.
export interface Reader {
  position: string; // "" before it is known
}

// seqOf is the number of a position such as 5f3a09c1-1234.
export function seqOf(position: string): number {
  return Number(position.slice(position.lastIndexOf("-") + 1)) || 0;
}

// epochOf is the log that a position is of.
export function epochOf(position: string): string {
  return position.slice(0, Math.max(0, position.lastIndexOf("-")));
}

function isOfSameEpoch(a: string, b: string): boolean {
  return epochOf(a) === epochOf(b);
}

// takeFrame brings the state up to the frame's position. Frames follow one another; but what was
// polled meanwhile is not taken twice.
export function takeFrame(app: App, state: State, reader: Reader, frame: Frame): void {
  if (frame.snapshotRequired) {
    startAnew(state, reader, frame.position);
    state.counts = frame.counts;
    return;
  }
  takeCounts(state, frame.counts);
  for (const id of frame.removed) forget(state, id);
  for (const id of frame.relocated) relocate(app, state, id);
  const seq = seqOf(frame.position);
  for (const id of [...frame.removed, ...frame.relocated]) keepLatest(state, goneAt(id, seq));
  for (const activity of frame.activities) takeActivity(app, state, reader, activity);
  if (seq > seqOf(reader.position)) reader.position = frame.position;
  if (!state.paused) state.omitted = frame.omitted;
  if (frame.omitted > 0) {
    state.unseen = seq;
    state.turned++;
  }
}

// takeChange takes one activity that was asked for while there is no stream. Frames say what has moved;
// here it is seen by the activity.
export function takeChange(app: App, state: State, reader: Reader, activity: Activity): void {
  if (!isTaken(reader, activity) && hasMoved(activity) && activity.eventId) {
    relocate(app, state, activity.eventId);
    keepLatest(state, goneAt(activity.eventId, activity.seq));
  }
  takeActivity(app, state, reader, activity);
}

// hasMoved is whether an event may have been elsewhere, or at another hour, before.
export function hasMoved({ kind, card }: Activity): boolean {
  return kind === "EVENT_REVISED" || (kind === "DAY_CHANGED" && card?.day === "MOVED");
}

function isTaken(reader: Reader, { position, seq }: Activity): boolean {
  return isOfSameEpoch(position, reader.position) && seq <= seqOf(reader.position);
}

// takeActivity takes one activity, unless it was taken before.
export function takeActivity(app: App, state: State, reader: Reader, activity: Activity): void {
  if (activity.kind === "SNAPSHOT_REQUIRED") {
    startAnew(state, reader, activity.position);
    return;
  }
  if (isTaken(reader, activity)) return;
  reader.position = activity.position;
  if (activity.card && activity.eventId && state.gone.includes(activity.eventId)) {
    state.gone = state.gone.filter((id) => id !== activity.eventId);
  }
  addToFeed(state, activity);
  keepLatest(state, activity);
  if (activity.kind === "DAY_CHANGED") turn(app, state, activity);
  if (activity.kind === "EVENT_REVISED") outdate(state, activity.eventId);
  if (activity.kind === "EVENT_LISTED" && activity.card) {
    const hour = hourOf(app, activity.card.startsAt);
    state.hours = state.hours.map((n, i) => (i === hour ? n + 1 : n));
  }
}

// turn has what is shown of an event follow its day. The list keeps the row until it comes anew, and the
// map stays where it is.
function turn(app: App, state: State, { eventId: id, card }: Activity): void {
  if (!id || !card) return;
  const { day } = card;
  const other = (mark: Mark) => mark.id === id && mark.day !== day;
  const turned = <M extends Mark>(marks: M[]) => marks.map((mark) => (other(mark) ? { ...mark, day } : mark));
  const { rows, further } = state.list;
  if (rows?.some(other)) state.list = { ...state.list, rows: turned(rows), still: true };
  if (further.some(other)) state.list = { ...state.list, further: turned(further), still: true };
  if (!rows && isWritten(app, id)) state.days = { ...state.days, [id]: day };
  if (state.card?.id === id && state.card.event) state.card = { ...state.card, event: { ...state.card.event, day } };
  outdate(state, id);
  state.turned++;
}

// outdate has the open card asked for again if it is that of an event.
function outdate(state: State, id: string | null): void {
  if (state.card && state.card.id === id) state.card = { ...state.card, stale: true };
}

// isWritten tells whether an event is in the rows that the hub wrote.
function isWritten(app: App, id: string): boolean {
  const rows = app.page.querySelectorAll<HTMLElement>("[data-rows] [data-id], [data-table-rows] [data-id]");
  return [...rows].some((row) => row.dataset.id === id);
}

// takeCounts takes numbers, unless they are older than those that are there.
export function takeCounts(state: State, counts: Counts | null): void {
  if (counts && counts.asOfSeq >= (state.counts?.asOfSeq ?? 0)) state.counts = counts;
}

// startAnew has everything fetched anew, and goes on from a position of the log as it is now.
function startAnew(state: State, reader: Reader, position: string): void {
  reader.position = position;
  state.feed = []; // what was taken back in between is not told
  state.waiting = [];
  state.counts = null; // so that older numbers of a log that is gone do not stand in the way
  state.omitted = 0;
  state.unseen = 0;
  state.latest = []; // of a log that may be gone; the map comes anew
  state.snapshot = position;
  state.takenBack = seqOf(position);
  if (state.replay) state.replay = { ...state.replay, told: 0, feed: [] };
  state.resync++;
}

// relocate takes out what was said of an event's earlier place or hour; a list that shows it comes
// anew.
function relocate(app: App, state: State, id: string): void {
  forgetLines(state, id);
  const { rows } = state.list;
  const listed = rows ? rows.some((row) => row.id === id) : isWritten(app, id);
  if (listed) state.resync++;
}

// goneAt is the news for the map that an event is not where it was.
function goneAt(id: string, seq: number): Activity {
  return {
    seq,
    position: "",
    kind: "EVENT_REMOVED",
    at: "",
    eventId: id,
    count: null,
    tombstone: true,
    card: null,
  };
}
