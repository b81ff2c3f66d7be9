import { ageOf, clockFrom } from "../src/clock.ts";
import { wallTime } from "../src/rows.ts";
import { hourOf, hoursOf } from "../src/timeline.ts";
import { newApp, type State } from "../src/state.ts";
import { ago, duration, number } from "../src/words.ts";
import { equal, test } from "./harness.ts";

const minute = 60_000;

function page(data: Record<string, string>): HTMLElement {
  const element = document.createElement("div");
  Object.assign(element.dataset, data);
  return element;
}

const day = { opens: "2026-03-06T10:00:00Z", closes: "2026-03-08T12:00:00Z" };

const hubNow = "2031-05-01T00:00:00Z";
const hub = Date.UTC(2031, 4, 1);

test("the clock goes on from the hub's time, not from the device's", () => {
  let device = Date.UTC(1999, 0, 1);
  const clock = clockFrom(hubNow, 0, () => device);
  equal(clock.now(), hub, "start");
  device += 7 * 3600_000; // asleep for most of it
  equal(clock.now(), hub + 7 * 3600_000, "it goes on while the device sleeps");
  equal(clockFrom("nonsense", 5, () => device).now(), device, "without a time");
});

test("the time that a page was on its way, or kept, has passed", () => {
  equal(clockFrom(hubNow, 4_000, () => 50).now(), hub + 4_000);
  const visit = { clock: hub + 9 * 3600_000, lasted: 6_000, answered: 2_000 };
  const page = document.createElement("main");
  equal(ageOf(page, visit), 4_000, "a page from the hub");
  page.innerHTML = `<p data-offline><time datetime="2031-05-01T06:00:00.000Z"></time></p>`;
  equal(ageOf(page, visit), 3 * 3600_000, "a page that was kept for three hours");
});

test("the clock hears the hub", () => {
  let device = 1_000;
  const clock = clockFrom(hubNow, 0, () => device);
  clock.hear("2031-05-01T06:00:00Z"); // the page was an old one
  equal(clock.now(), hub + 6 * 3600_000);
  device += 60_000;
  clock.hear("2031-05-01T06:00:20Z"); // forty seconds on its way
  equal(clock.now(), hub + 6 * 3600_000 + 60_000, "one that was late");
  clock.hear("2031-05-01T06:00:20Z"); // the device's clock was set forty seconds ahead
  equal(clock.now(), hub + 6 * 3600_000 + 20_000, "and one that says the same");
  clock.hear("soon");
  equal(clock.now(), hub + 6 * 3600_000 + 20_000, "nonsense");
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
  equal([duration(-1), duration(12 * 60 * minute), duration(1440 * minute)], ["0 min", "12 hr", "1 day"]);
});

test("ages and numbers are said in the page's language", () => {
  equal(ago(0, 10 * minute), "10 min. ago");
  equal(ago(0, 3 * 60 * minute), "3 hr. ago");
  equal(number(1234567), "1,234,567");
});
