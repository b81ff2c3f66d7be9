import type { Activity } from "../src/documents.ts";
import { phaseOf, placeText, pointOf } from "../src/documents.ts";
import { addToFeed, forget } from "../src/feed.ts";
import { type State, keepLatest, newApp } from "../src/state.ts";
import { equal, test } from "./harness.ts";

export function state(): State {
  return {
    panel: "now",
    stream: "connected",
    counts: null,
    feed: [],
    omitted: 0,
    paused: false,
    waiting: [],
    filter: { text: "", country: "", phase: "", way: "", theme: "", language: "", access: [] },
    near: null,
    list: { rows: null, next: null, total: null, further: [], phase: "idle", still: false },
    as: "list",
    sort: "",
    view: null,
    goal: null,
    firsts: [],
    card: null,
    hours: [],
    latest: [],
    replay: null,
    snapshot: "",
    takenBack: 0,
    unseen: 0,
    gone: [],
    resync: 0,
  };
}

export function activity(seq: number, kind: string, id: string, count = 0): Activity {
  const place = { latitude: 1, longitude: 2, locality: "Accra", country: "GH", countryName: "Ghana" };
  const at = "2026-03-07T12:00:00Z";
  const card = { id, slug: id, title: id, hostName: "H", way: "DIGITAL", place, startsAt: at, day: "LIVE" };
  const position = `e-${seq}`;
  return { seq, position, kind, at, eventId: id, count, tombstone: false, card };
}

test("the newest line is first, and the same again moves up and counts", () => {
  const s = state();
  addToFeed(s, activity(1, "CHEERED", "a", 1));
  addToFeed(s, activity(2, "EVENT_LISTED", "b"));
  addToFeed(s, activity(3, "CHEERED", "a", 2));
  equal(s.feed.map((l) => [l.eventId, l.count]), [["a", 3], ["b", 0]]);
  equal(s.feed[0]?.place, "Accra, Ghana");
});

test("a busy day does not grow the feed or what waits for the map", () => {
  const s = state();
  for (let i = 0; i < 2000; i++) {
    addToFeed(s, activity(i, "CHEERED", `e${i}`, 1));
    keepLatest(s, activity(i, "CHEERED", `e${i}`, 1));
  }
  equal([s.feed.length, s.latest.length, s.feed[0]?.eventId], [30, 500, "e1999"]);
});

test("a paused feed stands still and remembers what came", () => {
  const s = state();
  addToFeed(s, activity(1, "CHEERED", "a", 1));
  s.paused = true;
  addToFeed(s, activity(2, "CHEERED", "b", 1));
  equal([s.feed.length, s.waiting.length], [1, 1]);
});

test("an event that is withdrawn is gone from all that is shown", () => {
  const s = state();
  addToFeed(s, activity(1, "CHEERED", "a", 1));
  addToFeed(s, activity(2, "CHEERED", "b", 1));
  s.card = { id: "a", event: null, phase: "ready", cheered: false, said: "" };
  addToFeed(s, { ...activity(3, "EVENT_REMOVED", "a"), card: null });
  equal([s.feed.map((l) => l.eventId), s.card], [["b"], null]);
  forget(s, "b");
  equal(s.feed.length, 0);
});

test("many changes are drawn once", async () => {
  const app = newApp(document.createElement("div"), Date.now, state());
  let drawn = 0;
  const off = app.onRender(() => drawn++);
  for (let i = 0; i < 10; i++) app.change((s) => s.resync++);
  await new Promise((done) => setTimeout(done, 200));
  off();
  equal([drawn, app.state.resync], [1, 10]);
});

test("places without a point, or off the earth, are not drawn", () => {
  const place = { latitude: null, longitude: null, locality: null, country: "NP", countryName: null };
  equal(pointOf(place), null);
  equal(pointOf({ ...place, latitude: 139.6, longitude: 35.4 }), null, "swapped");
  equal(pointOf({ ...place, latitude: 27.7, longitude: 85.3 }), [85.3, 27.7]);
  equal(placeText(place), "NP");
});

test("day states are what visitors ask for", () => {
  const days = ["PLANNED", "CONFIRMED", "MOVED", "WENT_DIGITAL", "LIVE", "DONE", "DOCUMENTED", "POSTPONED", "CANCELLED"];
  const up = "UPCOMING";
  equal(days.map(phaseOf), [up, up, up, up, "LIVE", "OVER", "OVER", "OFF", "OFF"]);
});
