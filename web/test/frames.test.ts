import type { Counts, Frame } from "../src/documents.ts";
import { seqOf, takeActivity, takeChange, takeCounts, takeFrame } from "../src/frames.ts";
import { newApp } from "../src/state.ts";
import { activity, state } from "./feed.test.ts";
import { equal, test } from "./harness.ts";

const none = { value: 0, reported: 0 };

function counts(asOfSeq: number, events: number): Counts {
  const world = { events, live: 0, checkIns: none, cheers: none, declared: none };
  return { asOfSeq, asOf: null, countries: 1, world };
}

function frame(position: string, part: Partial<Frame> = {}): Frame {
  const empty = { counts: null, activities: [], omitted: 0, removed: [], relocated: [] };
  return { position, ...empty, snapshotRequired: false, ...part };
}

function page(rows = "") {
  const element = document.createElement("div");
  element.innerHTML = `<ol data-rows>${rows}</ol>`;
  return newApp(element, Date.now, state());
}

test("frames move the page on, and none of what they tell is taken twice", () => {
  const app = page();
  const s = app.state;
  const reader = { position: "e-1" };
  const first = frame("e-3", {
    counts: counts(3, 2),
    activities: [activity(2, "EVENT_LISTED", "a"), activity(3, "CHEERED", "a", 1)],
  });
  takeFrame(app, s, reader, first);
  takeFrame(app, s, reader, first);
  equal([reader.position, s.counts?.world.events, s.latest.length], ["e-3", 2, 2]);
  equal(s.feed.map((l) => [l.kind, l.count]), [["CHEERED", 1], ["EVENT_LISTED", 0]]);
  takeActivity(app, s, reader, activity(4, "CHEERED", "a", 1)); // polled
  takeFrame(app, s, reader, frame("e-5", { activities: [activity(4, "CHEERED", "a", 1), activity(5, "CHEERED", "a", 1)] }));
  equal([reader.position, s.feed[0]?.count], ["e-5", 3]);
});

test("what a frame leaves out is counted, and the map learns that it was not told all", () => {
  const app = page();
  const reader = { position: "e-1" };
  takeFrame(app, app.state, reader, frame("e-40", { activities: [activity(40, "CHEERED", "a", 1)], omitted: 38 }));
  equal([app.state.omitted, app.state.unseen], [38, 40]);
  takeFrame(app, app.state, reader, frame("e-41", { activities: [activity(41, "CHEERED", "a", 1)] }));
  equal([app.state.omitted, app.state.unseen], [0, 40]);
});

test("events that are not public any more leave the feed, the card and the map", () => {
  const app = page();
  const s = app.state;
  const reader = { position: "e-1" };
  takeFrame(app, s, reader, frame("e-3", { activities: [activity(2, "CHEERED", "a", 1), activity(3, "CHEERED", "b", 1)] }));
  s.card = { id: "a", event: null, phase: "ready", cheered: false, said: "" };
  takeFrame(app, s, reader, frame("e-90", { removed: ["a"], omitted: 87 }));
  equal([s.feed.map((l) => l.eventId), s.card, s.gone], [["b"], null, ["a"]]);
  const told = s.latest[s.latest.length - 1];
  equal([told?.eventId, told?.kind, told?.card, told?.seq], ["a", "EVENT_REMOVED", null, 90]);
  takeFrame(app, s, reader, frame("e-91", { activities: [activity(91, "EVENT_LISTED", "a")] }));
  equal([s.gone, s.feed[0]?.eventId], [[], "a"]);
});

test("an event that has moved is not shown where it was, and its card stays open", () => {
  const app = page(`<li data-id="a"></li>`);
  const s = app.state;
  const reader = { position: "e-1" };
  takeFrame(app, s, reader, frame("e-2", { activities: [activity(2, "CHEERED", "a", 1)] }));
  s.card = { id: "a", event: null, phase: "ready", cheered: false, said: "" };
  takeFrame(app, s, reader, frame("e-3", { relocated: ["a"], activities: [activity(3, "EVENT_REVISED", "a")] }));
  equal([s.feed.map((l) => l.kind), s.card?.id, s.resync], [["EVENT_REVISED"], "a", 1]);
  takeFrame(app, s, reader, frame("e-4", { relocated: ["b"] }));
  equal(s.resync, 1, "what the list does not show");
});

test("an event that moved while there was no stream is not shown where it was", () => {
  for (const [kind, day] of [["DAY_CHANGED", "MOVED"], ["EVENT_REVISED", "LIVE"]] as const) {
    const app = page(`<li data-id="a"></li>`);
    const s = app.state;
    const reader = { position: "e-1" };
    const told = activity(3, kind, "a");
    if (told.card) told.card.day = day;
    takeChange(app, s, reader, activity(2, "CHEERED", "a", 1));
    takeChange(app, s, reader, told);
    takeChange(app, s, reader, told);
    equal([s.feed.map((l) => l.kind), s.resync, s.takenBack], [[kind], 1, 3], kind);
    equal(s.latest.map((a) => a.kind), ["CHEERED", "EVENT_REMOVED", kind], "for the map");
  }
  const app = page(`<li data-id="a"></li>`);
  takeChange(app, app.state, { position: "e-1" }, activity(2, "CHEERED", "a", 1));
  takeChange(app, app.state, { position: "e-2" }, activity(3, "DAY_CHANGED", "a"));
  equal([app.state.feed.length, app.state.resync], [2, 0], "one that only begins");
});

test("a snapshot has everything fetched anew, even if the log is shorter now", () => {
  const app = page();
  const s = app.state;
  const reader = { position: "e-900" };
  takeCounts(s, counts(900, 80));
  takeActivity(app, s, reader, activity(901, "CHEERED", "of-before", 1));
  takeFrame(app, s, reader, frame("f-10", { counts: counts(10, 1), snapshotRequired: true }));
  equal([reader.position, s.resync, s.counts?.world.events, s.feed.length], ["f-10", 1, 1, 0]);
  takeFrame(app, s, reader, frame("f-11", { activities: [activity(11, "CHEERED", "a", 1)].map((a) => ({ ...a, position: "f-11" })) }));
  equal([reader.position, s.feed.length], ["f-11", 1]);
});

test("older numbers do not take the place of newer ones", () => {
  const s = state();
  takeCounts(s, counts(5, 3));
  takeCounts(s, counts(4, 2));
  takeCounts(s, null);
  equal([s.counts?.world.events, seqOf("5f3a09c1-1234"), seqOf("")], [3, 1234, 0]);
});
