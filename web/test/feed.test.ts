import type { Activity } from "../src/documents.ts";
import { phaseOf, placeText, pointOf } from "../src/documents.ts";
import { addToFeed, bindFeed, forget } from "../src/feed.ts";
import { type State, keepLatest, newApp } from "../src/state.ts";
import { equal, test, until } from "./harness.ts";

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
    list: { rows: null, next: null, total: null, from: 0, further: [], phase: "idle", still: false },
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
    days: {},
    turned: 0,
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
  for (let i = 0; i < 2; i++) await new Promise((done) => requestAnimationFrame(done));
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

test("a line that somebody is at keeps the focus when it moves, or leaves it to the one in its place", async () => {
  const page = document.createElement("div");
  page.innerHTML = `<button data-pause></button><p data-feed-empty></p><p data-feed-more></p><ol data-feed></ol>`;
  document.body.append(page);
  const app = newApp(page, Date.now, state());
  const off = bindFeed(app);
  const take = (seq: number, id: string) => app.change((s) => addToFeed(s, activity(seq, "CHEERED", id, 1)));
  const buttons = () => [...page.querySelectorAll("button[data-event]")] as HTMLElement[];
  const order = () => buttons().map(({ dataset }) => dataset.event).join(" ");
  for (const id of ["a", "b", "c"]) take(1, id);
  await until(() => order() === "c b a", "the lines");
  const at = buttons()[2];
  let lost = 0;
  at?.addEventListener("blur", () => lost++);
  at?.focus();
  take(2, "a");
  await until(() => order() === "a c b", "the line to move");
  equal([document.activeElement === at, lost], [true, 0]);
  for (let i = 0; i < 30; i++) take(3, `e${i}`);
  await until(() => buttons().length === 30, "the line to fall off");
  equal([at?.isConnected, document.activeElement === buttons()[0]], [false, true]);
  off();
  page.remove();
});
