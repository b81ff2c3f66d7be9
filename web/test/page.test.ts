import { clockFrom } from "../src/clock.ts";
import { wallTime } from "../src/rows.ts";
import { hourOf, hoursOf } from "../src/timeline.ts";
import { newApp, type State } from "../src/state.ts";
import { ago, duration, number } from "../src/words.ts";
import { equal, near, test } from "./harness.ts";

const minute = 60_000;

function page(data: Record<string, string>): HTMLElement {
  const element = document.createElement("div");
  Object.assign(element.dataset, data);
  return element;
}

const day = { opens: "2026-03-06T10:00:00Z", closes: "2026-03-08T12:00:00Z" };

test("the clock goes on from the hub's time, not from the device's", async () => {
  const clock = clockFrom("2031-05-01T00:00:00Z");
  const before = clock();
  await new Promise((done) => setTimeout(done, 30));
  near(before, Date.UTC(2031, 4, 1), 1000, "start");
  equal(clock() > before, true, "it goes");
  near(clockFrom("nonsense")(), Date.now(), 1000, "without a time");
});

test("the day has fifty hours, counted from where it begins", () => {
  equal(hoursOf(page(day)).length, 50);
  equal(hoursOf(page({ ...day, hours: "0,12,3" })), [0, 12, 3]);
  const app = newApp(page(day), Date.now, {} as State);
  equal(hourOf(app, "2026-03-06T10:00:00Z"), 0);
  equal(hourOf(app, "2026-03-08T11:59:59Z"), 49);
});

test("times of a place are read off, never moved to the reader's zone", () => {
  equal(wallTime("2026-12-12T10:30:00+05:45"), "10:30");
});

test("spans are said in their two largest units", () => {
  equal(duration(23 * 60 * minute + 39 * minute), "23 hr 39 min");
  equal(duration(5 * minute), "5 min");
  equal(duration(3 * 1440 * minute + 4 * 60 * minute), "3 days 4 hr");
  equal(duration(-1), "0 min");
});

test("ages and numbers are said in the page's language", () => {
  equal(ago(0, 10 * minute), "10 min. ago");
  equal(ago(0, 3 * 60 * minute), "3 hr. ago");
  equal(number(1234567), "1,234,567");
});
