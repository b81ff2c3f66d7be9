import { night, sunAt } from "../src/daylight.ts";
import { equal, near, test } from "./harness.ts";

const rad = Math.PI / 180;

test("the sun stands over the equator at an equinox and over the tropic at a solstice", () => {
  near(sunAt(Date.UTC(2026, 2, 20, 14, 46)).latitude, 0, 0.05, "equinox");
  near(sunAt(Date.UTC(2026, 11, 21, 20, 50)).latitude, -23.44, 0.05, "solstice");
});

test("at noon in Greenwich the sun is near its meridian, as far off as the equation of time says", () => {
  near(sunAt(Date.UTC(2026, 3, 15, 12)).longitude, 0, 0.3, "mid April");
  near(sunAt(Date.UTC(2026, 10, 3, 12)).longitude, -4.1, 0.3, "early November");
});

test("the night covers where the sun is down and nothing else", () => {
  for (const month of [0, 2, 5, 8, 11]) {
    const now = Date.UTC(2026, month, 21, 7, 30);
    const sun = sunAt(now);
    const dark = night(now).features;
    for (let longitude = -178.5; longitude < 180; longitude += 15) {
      for (let latitude = -80; latitude <= 80; latitude += 10) {
        const sine =
          Math.sin(latitude * rad) * Math.sin(sun.latitude * rad) +
          Math.cos(latitude * rad) *
            Math.cos(sun.latitude * rad) *
            Math.cos((longitude - sun.longitude) * rad);
        const height = Math.asin(sine) / rad;
        if (Math.abs(height + 0.8) < 2) continue; // too near the edge of a stripe to tell
        const steps = dark.filter((f) => holds(f.geometry.coordinates[0] ?? [], longitude, latitude));
        equal(steps.length > 0, height < -0.8, `${month + 1}/21 at ${latitude}, ${longitude}:`);
      }
    }
  }
});

// holds tells whether a stripe covers a point; its sides are meridians and its ends slanted.
function holds(ring: number[][], longitude: number, latitude: number): boolean {
  const [a, b, c, d] = ring as [number[], number[], number[], number[]];
  const [west = 0, southWest = 0] = a;
  const [east = 0, southEast = 0] = b;
  const along = (longitude - west) / (east - west);
  if (along < 0 || along > 1) return false;
  const south = southWest + along * (southEast - southWest);
  const north = (d[1] ?? 0) + along * ((c[1] ?? 0) - (d[1] ?? 0));
  return latitude > south && latitude < north;
}
