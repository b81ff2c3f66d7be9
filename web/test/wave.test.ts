import { mesh } from "../src/earth.ts";
import { decode } from "../src/lights.ts";
import { channels, landTint, palette, tint } from "../src/palette.ts";
import { worldsBetween } from "../src/programs.ts";
import { front, seaColors, seaFronts, seaOffsets } from "../src/sea.ts";
import { newApp } from "../src/state.ts";
import { bindWave, countdown, dayAtSea, phaseAt, progressAt, rangeAt, seaOffset, waveOf } from "../src/wave.ts";
import { clockIn, useWords } from "../src/words.ts";
import { state } from "./feed.test.ts";
import { equal, inWorld, near, test } from "./harness.ts";
import { words as known } from "./words.test.ts";

const hour = 3_600_000;

test("a zone of the sea has the color of its own date", () => {
  const p = palette(false);
  const noon = Date.UTC(2026, 2, 7, 12);
  const colors = seaColors("2026-03-07", noon, p);
  equal(colors.length, 3 * seaOffsets.length);
  for (const offset of seaOffsets) {
    const at = 3 * (offset + 12);
    const progress = progressAt(dayAtSea("2026-03-07", offset), noon);
    equal(colors.slice(at, at + 3), channels(tint(p, progress)), `UTC${offset}`);
    equal(seaOffset(offset * 15), offset, "the zone's meridian");
  }
});

test("the date begins at one meridian of the sea and ends at another", () => {
  const at = (now: number) =>
    seaFronts("2026-03-07", now).flatMap((what, i) => (what ? [[i * 15 - 172.5, what]] : []));
  equal(at(Date.UTC(2026, 2, 7, 0)), [[-7.5, front.begins]], "as it begins in Greenwich");
  equal(at(Date.UTC(2026, 2, 7, 12)), [[172.5, front.ends]], "as it ends at the date line");
  equal(at(Date.UTC(2026, 2, 8, 0)), [[-7.5, front.ends]], "as it ends in Greenwich");
  equal(at(Date.UTC(2026, 2, 6, 8)), [], "before it begins anywhere at sea");
});

test("the mesh covers the earth once, with the sea's meridians at sides of its cells", () => {
  const { places, triangles } = mesh();
  const x = (i: number) => places[2 * i] ?? NaN;
  const y = (i: number) => places[2 * i + 1] ?? NaN;
  let area = 0;
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [triangles[t] ?? -1, triangles[t + 1] ?? -1, triangles[t + 2] ?? -1];
    area += Math.abs((x(b) - x(a)) * (y(c) - y(a)) - (x(c) - x(a)) * (y(b) - y(a))) / 2;
  }
  near(area, 3, 1e-4, "Mercator's square and one on either side");
  for (const offset of seaOffsets.slice(0, -1)) {
    const meridian = (offset * 15 + 187.5) / 360;
    equal(places.some((v, i) => i % 2 === 0 && Math.abs(v - meridian) < 1e-6), true, `meridian ${offset}`);
  }
});

test("a flat world is drawn as often as it is seen", () => {
  equal(worldsBetween(-170, 190), [0, 1], "a little beyond the date line");
  equal(worldsBetween(-180, 180), [0], "all of it once");
  equal(worldsBetween(-200, 20), [-1, 0]);
  equal(worldsBetween(-500, 500), [-1, 0, 1], "from far away");
  equal(worldsBetween(-1e6, 1e6).length, 5, "however far");
});

test("colors are read however they are written", () => {
  equal(channels("#ff8000"), [1, 128 / 255, 0]);
  equal(channels("rgb(255,128,0)"), [1, 128 / 255, 0]);
});

test("a place has its colour by how much of the date has passed, and its own before and after", () => {
  for (const p of [palette(false), palette(true)]) {
    equal([tint(p, -1), tint(p, 1)], [p.sea, p.sea], "sea before and after");
    equal([landTint(p, -1), landTint(p, 1)], [p.land, p.land], "land before and after");
    equal(landTint(p, 0.5) !== p.land && landTint(p, 0.5).startsWith("rgb("), true, "land at noon");
    equal(/NaN/.test(landTint(p, 0.3)), false);
  }
  equal(tint(palette(false), 0), "rgb(217,207,230)", "the first instant");
});

test("a day has a beginning and an end, of 23 to 25 hours or none", () => {
  const { classes, classOf } = waveOf([
    { zones: ["America/Chicago", "America/Menominee"], starts: 1636261200, ends: 1636351200 },
    { zones: ["Pacific/Apia"], starts: 1325239200, ends: 1325239200 },
  ]);
  const [chicago, apia] = classes;
  if (!chicago || !apia) throw new Error("classes are lost");
  equal((chicago.ends - chicago.starts) / hour, 25, "2021-11-07 in Chicago");
  equal(classOf.get("America/Menominee"), 0);
  near(progressAt(chicago, chicago.starts + 12.5 * hour), 0.5, 1e-9, "half of 25 hours");
  equal([phaseAt(chicago, chicago.starts - 1), phaseAt(chicago, chicago.starts)], ["before", "in"]);
  equal(phaseAt(chicago, chicago.ends), "after");
  equal([phaseAt(apia, apia.starts - 1), phaseAt(apia, apia.starts)], ["before", "after"], "no such date");
});

test("at sea the clock is that of the meridian", () => {
  const d = dayAtSea("2025-12-12", 12);
  equal(new Date(d.starts).toISOString(), "2025-12-11T12:00:00.000Z");
  equal([d.zone, dayAtSea("2025-12-12", -3).zone], ["Etc/GMT-12", "Etc/GMT+3"]);
  equal([seaOffset(0), seaOffset(-180), seaOffset(179.9), seaOffset(7.5), seaOffset(-7.6)], [0, -12, 12, 1, -1]);
});

test("clocks of places are told to the minute", () => {
  const at = Date.UTC(2025, 11, 12, 10, 30);
  const zones = ["Asia/Kathmandu", "Australia/Eucla", "Pacific/Chatham", "Pacific/Marquesas"];
  equal(zones.map((zone) => clockIn(zone, at)), ["16:15", "19:15", "00:15", "01:00"]);
  equal(clockIn("Mars/Olympus", at), "");
});

test("the countdown names what is left to the minute", () => {
  equal(countdown(((26 * 24 + 3) * 60 + 5) * 60_000), "26 days 3 hours 5 minutes");
  equal(countdown(61 * 60_000), "1 hour 1 minute");
  equal(countdown(1), "1 minute");
  equal(countdown(-5), "0 minutes");
});

test("the offsets that have the date now are those of its window", () => {
  const opens = Date.UTC(2025, 11, 11, 10);
  const closes = Date.UTC(2025, 11, 13, 12);
  const range = (at: number) => rangeAt(opens, closes, at).join(" to ");
  equal(range(opens), "UTC+14:00 to UTC+14:00", "the first midnight");
  equal(range(Date.UTC(2025, 11, 12, 10) - 1), "UTC-09:00 to UTC+14:00", "before Kiritimati's second");
  equal(range(Date.UTC(2025, 11, 12, 10)), "UTC-10:00 to UTC+13:00", "and at it");
  equal(range(closes - 1), "UTC-12:00 to UTC-12:00", "the last moment");
});

test("lights are where their towns are", () => {
  // Two places: x 32768, y 16384 (0 E, 0 N) and x 65535, y 16384, the second brighter.
  const spaced = (v: number) => [...Array(16).keys()].reduce((sum, i) => sum + ((v >> i) & 1) * 4 ** i, 0);
  const places = [spaced(32768) + 2 * spaced(16384), spaced(65535) + 2 * spaced(16384)];
  const bytes = [2, 0, 0, 0];
  let last = 0;
  for (const place of places) {
    for (let d = place - last; ; d = Math.floor(d / 128)) {
      bytes.push(d >= 128 ? (d % 128) + 128 : d);
      if (d < 128) break;
    }
    last = place;
  }
  bytes.push(0, 16);
  const points = decode(new Uint8Array(bytes).buffer);
  near(points[0] ?? 0, 0.5, 1e-6, "x");
  near(points[1] ?? 0, 0.5, 1e-6, "y at the equator");
  near(points[3] ?? 0, 65535 / 65536, 1e-6, "x of the second");
  equal([points[2], points[5]], [0, 2], "brightness");
});

test("at the first midnight an open page turns to the day without asking the hub, at the last it waits", async () => {
  useWords({ ...known, "wave.now": "The date is at {0} to {1}." });
  const [opens, closes] = [Date.UTC(2025, 11, 11, 10), Date.UTC(2025, 11, 13, 12)];
  const page = document.createElement("div");
  Object.assign(page.dataset, { opens: new Date(opens).toISOString(), closes: new Date(closes).toISOString(), wave: "/wave" });
  page.innerHTML = `<section data-wave-box data-wave-phase="before"><div data-wave-words><p>soon</p></div>
    <p data-wave-then></p><p data-wave-here></p><p data-wave-there></p></section>`;
  let now = opens - 1;
  const asked: string[] = [];
  const fetch = (address: string) => (asked.push(address), Promise.reject(new Error("no hub")));
  const words = () => page.querySelector("[data-wave-words]")?.textContent?.trim();
  const halfway = Object.assign(Object.create(Math), { random: () => 0.5 });
  const atOnce = (draw: () => void) => (draw(), 0);
  await inWorld({ fetch, requestAnimationFrame: atOnce, Math: halfway }, () => {
    const app = newApp(page, () => now, state());
    bindWave(app);
    app.change(() => {});
    equal(words(), "soon");
    now = opens + 2 * hour;
    app.change(() => {});
    equal(words(), "The date is at UTC+12:00 to UTC+14:00.");
    now = closes;
    app.change(() => {});
    equal(asked, ["/wave"], "nothing but the wave itself");
  });
});
