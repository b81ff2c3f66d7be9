import { sunAt, sunVector } from "../src/daylight.ts";
import { near, test } from "./harness.ts";

const rad = Math.PI / 180;

test("the sun stands over the equator at an equinox and over the tropic at a solstice", () => {
  near(sunAt(Date.UTC(2026, 2, 20, 14, 46)).latitude, 0, 0.05, "equinox");
  near(sunAt(Date.UTC(2026, 11, 21, 20, 50)).latitude, -23.44, 0.05, "solstice");
});

test("at noon in Greenwich the sun is near its meridian, as far off as the equation of time says", () => {
  near(sunAt(Date.UTC(2026, 3, 15, 12)).longitude, 0, 0.3, "mid April");
  near(sunAt(Date.UTC(2026, 10, 3, 12)).longitude, -4.1, 0.3, "early November");
});

test("the sun's direction is one long and toward where it stands in the zenith", () => {
  const now = Date.UTC(2026, 5, 21, 12);
  const [x, y, z] = sunVector(now);
  near(Math.hypot(x, y, z), 1, 1e-12, "length");
  near(Math.asin(z) / rad, sunAt(now).latitude, 1e-9, "latitude");
  near(Math.atan2(y, x) / rad, sunAt(now).longitude, 1e-9, "longitude");
});
