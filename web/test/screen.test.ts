import type { Map as Engine } from "maplibre-gl";
import type { Activity } from "../src/documents.ts";
import { addToFeed } from "../src/feed.ts";
import { Fresh } from "../src/fresh.ts";
import { wantsRenewal } from "../src/kiosk.ts";
import { discRadius, zoomOfDisc } from "../src/disc.ts";
import { heroAt, maxNews, newsView } from "../src/screen.ts";
import { scaleFor } from "../src/screenframe.ts";
import { type State, keepLatest } from "../src/state.ts";
import { type Stop, Tour, maxStops } from "../src/tour.ts";
import parts from "../css/screen-parts.css";
import { equal, near, test } from "./harness.ts";

function activity(seq: number, kind: string, id: string, day = "LIVE"): Activity {
  const place = { latitude: 1, longitude: 2, locality: "Accra", country: "GH", countryName: "Ghana" };
  const at = "2026-03-07T12:00:00Z";
  const card = { id, slug: id, title: id, hostName: "H", way: "DIGITAL", place, startsAt: at, day };
  return { seq, position: `e-${seq}`, kind, at, eventId: id, count: 1, tombstone: false, card };
}

function stop(id: string): Stop {
  const at: [number, number] = [1, 2];
  return { id, title: id, language: "", host: "", place: "", way: "DIGITAL", live: true, startsAt: "", hours: "", at };
}

test("a thousand activities leave the screen as large as it was", () => {
  const list = document.createElement("ol");
  const draw = newsView(list, Date.now);
  const state = { feed: [], paused: false, waiting: [], latest: [], list: { rows: null }, card: null } as unknown as State;
  const sources = new Map<string, number>();
  const engine = {
    getSource: (id: string) => ({
      setData: (data: { features: unknown[] }) => sources.set(id, data.features.length),
    }),
  } as unknown as Engine;
  const fresh = new Fresh(engine);
  let before = 0;
  for (let i = 0; i < 1000; i++) {
    const a = activity(i, i % 3 ? "DAY_CHANGED" : "EVENT_LISTED", `e${i}`);
    addToFeed(state, a);
    keepLatest(state, a);
    fresh.take(state.latest);
    state.latest = [];
    draw(state.feed);
    if (i === 10) before = list.querySelectorAll("*").length;
  }
  equal(list.querySelectorAll("*").length, before, "elements");
  equal([list.children.length, state.latest.length, state.feed.length <= 30], [maxNews, 0, true]);
  equal([sources.size, (sources.get("fresh") ?? 0) <= 100], [1, true], "sources");
});

test("only whole rows of news are seen, whatever room they have", () => {
  const style = document.createElement("style");
  style.textContent = `${parts} * { box-sizing: border-box }`;
  const box = document.createElement("section");
  box.className = "screen-news";
  const list = document.createElement("ol");
  box.append(document.createElement("h2"), list);
  box.style.cssText = "--step: 10px; inline-size: 300px; line-height: 1.4";
  document.body.append(style, box);
  try {
    const draw = newsView(list, Date.now);
    const state = { feed: [], paused: false, waiting: [], latest: [], list: { rows: null }, card: null } as unknown as State;
    for (let i = 0; i < maxNews; i++) addToFeed(state, activity(i, "EVENT_LISTED", `e${i}`));
    draw(state.feed);
    const seen = [];
    for (let tall = 60; tall < 400; tall += 7) {
      box.style.blockSize = `${tall}px`;
      const room = list.getBoundingClientRect();
      const rows = [...list.children].map((row) => row.getBoundingClientRect());
      const within = rows.filter((row) => row.left < room.right - 1);
      for (const row of within) {
        if (row.bottom > room.bottom + 0.5) throw new Error(`at ${tall} a row ends at ${row.bottom}, its room at ${room.bottom}`);
      }
      seen.push(within.length);
    }
    equal([seen[0], seen.at(-1)], [1, maxNews], "rows in the least room and in the most");
  } finally {
    style.remove();
    box.remove();
  }
});

test("the largest is the countdown, then what is live, and all events while nothing is", () => {
  const [opens, closes] = [1000, 2000];
  equal(
    [heroAt(999, opens, closes, 3), heroAt(1000, opens, closes, 3), heroAt(1500, opens, closes, 0), heroAt(2000, opens, closes, 3)],
    ["countdown", "live", "all", "all"],
  );
});

test("a globe is as large as it was asked for, at every latitude", () => {
  for (const latitude of [0, 18, -41, 64]) {
    for (const radius of [90, 300, 640]) near(discRadius(zoomOfDisc(radius, latitude, 800), latitude, 800), radius, 0.001);
  }
});

test("a map on a large screen is enlarged, whichever way that is held", () => {
  equal([scaleFor(390, 800), scaleFor(1280, 720), scaleFor(1920, 1080), scaleFor(1080, 1920), scaleFor(3840, 2160)], [1, 1, 1.35, 1.35, 2.7]);
});

test("the tour goes through what is live, and asks anew when it is through", async () => {
  const asked: string[] = [];
  const rounds = [[stop("a"), stop("b")], [stop("c")]];
  const tour = new Tour(async (phase) => {
    asked.push(phase);
    return rounds.shift() ?? [];
  });
  const seen = [];
  for (let i = 0; i < 3; i++) seen.push((await tour.next())?.id);
  equal([seen, asked], [["a", "b", "c"], ["LIVE", "LIVE"]]);
});

test("when nothing is live the tour shows what comes next, and then nothing", async () => {
  const tour = new Tour(async (phase) => (phase === "UPCOMING" ? [stop("soon")] : []));
  equal((await tour.next())?.id, "soon");
  equal(await new Tour(async () => []).next(), null);
  const broken = new Tour(() => Promise.reject(new Error("no hub")));
  equal([await broken.next(), await broken.next()], [undefined, undefined], "without a hub");
});

test("two who want to go on at once wait for one answer", async () => {
  let asked = 0;
  const tour = new Tour(async () => {
    asked++;
    return [stop("a"), stop("b")];
  });
  const both = await Promise.all([tour.next(), tour.next()]);
  equal([both.map((s) => s?.id), asked], [["a", "b"], 1]);
});

test("a tour never remembers more than a round", async () => {
  const tour = new Tour(async () => Array.from({ length: 500 }, (_, i) => stop(`e${i}`)));
  await tour.next();
  equal(tour.size, maxStops - 1);
});

test("what is taken back is not gone to, and leaves the screen", async () => {
  const tour = new Tour(async () => [stop("a"), stop("b"), stop("c")]);
  const shown = await tour.next();
  equal(tour.take({ ...activity(1, "EVENT_REMOVED", "b"), card: null }, shown?.id), false);
  equal(tour.take(activity(2, "CHEERED", "c"), shown?.id), false);
  equal(tour.take(activity(3, "DAY_CHANGED", "a", "DONE"), shown?.id), true);
  equal([(await tour.next())?.id, tour.size], ["c", 0]);
});

test("a screen begins anew with a new build, and at a quiet moment after half a day", () => {
  const hour = 3_600_000;
  const m = { runsFor: hour, quietFor: 0, mine: "x", theirs: "x" };
  equal(wantsRenewal(m), false);
  equal(wantsRenewal({ ...m, theirs: "y" }), true, "new build");
  equal(wantsRenewal({ ...m, theirs: null, runsFor: 99 * hour }), false, "no hub");
  equal(wantsRenewal({ ...m, runsFor: 12.5 * hour }), false, "busy");
  equal(wantsRenewal({ ...m, runsFor: 12.5 * hour, quietFor: 2 * 60_000 }), true, "quiet");
  equal(wantsRenewal({ ...m, runsFor: 14 * hour }), true, "never quiet");
});
