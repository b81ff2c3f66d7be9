// The night, which travels over the map by where the sun stands. The other shadow, the date, is in
// wavelayers.ts.

import type { Feature, FeatureCollection, Polygon, Position } from "geojson";

const rad = Math.PI / 180;
const day = 86_400_000;
const j2000 = Date.UTC(2000, 0, 1, 12);

// sunAt is where the sun stands in the zenith, in degrees, by the low-precision formulas of the
// Astronomical Almanac (good to 0.01 degrees until 2050).
export function sunAt(now: number): { latitude: number; longitude: number } {
  const n = (now - j2000) / day;
  const anomaly = (357.528 + 0.9856003 * n) * rad;
  const mean = 280.46 + 0.9856474 * n;
  const ecliptic = (mean + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * rad;
  const tilt = (23.439 - 0.0000004 * n) * rad;
  const ascension = Math.atan2(Math.cos(tilt) * Math.sin(ecliptic), Math.cos(ecliptic)) / rad;
  const sidereal = 280.46062 + 360.98564737 * n; // at Greenwich
  return {
    latitude: Math.asin(Math.sin(tilt) * Math.sin(ecliptic)) / rad,
    longitude: normal(ascension - sidereal),
  };
}

function normal(longitude: number): number {
  return ((((longitude + 180) % 360) + 360) % 360) - 180;
}

// dusk are the heights of the sun, in degrees, below which it is night in steps.
const dusk = [-0.8, -3, -6, -9, -12, -16];
const stripe = 3; // degrees of longitude

// night is everywhere that the sun stands below each step, as stripes from south to north. A
// ring around the dark side would have to know about poles and the antimeridian; stripes need not.
export function night(now: number): FeatureCollection<Polygon> {
  const sun = sunAt(now);
  const features: Feature<Polygon>[] = [];
  for (const height of dusk) {
    for (let west = -180; west < 180; west += stripe) {
      const left = darkPart(sun, west, height);
      const right = darkPart(sun, west + stripe, height);
      if (!left && !right) continue;
      const [a, b] = left ?? pinch(right);
      const [c, d] = right ?? pinch(left);
      features.push(polygon([[west, a], [west + stripe, c], [west + stripe, d], [west, b]]));
    }
  }
  return { type: "FeatureCollection", features };
}

// darkPart is from which to which latitude a meridian lies below the height. Along a meridian the
// sine of the sun's height is a sine itself, A sin(lat) + B cos(lat), so it is solved directly.
function darkPart(
  sun: { latitude: number; longitude: number },
  longitude: number,
  height: number,
): [number, number] | null {
  const a = Math.sin(sun.latitude * rad);
  const b = Math.cos(sun.latitude * rad) * Math.cos((longitude - sun.longitude) * rad);
  const level = Math.sin(height * rad) / Math.hypot(a, b);
  if (level <= -1) return null;
  if (level >= 1) return [-90, 90];
  const shift = Math.atan2(b, a);
  const from = Math.PI - Math.asin(level) - shift;
  const until = 2 * Math.PI + Math.asin(level) - shift;
  for (const turn of [-4, -2, 0, 2]) {
    const south = Math.max(-90, (from + turn * Math.PI) / rad);
    const north = Math.min(90, (until + turn * Math.PI) / rad);
    if (south < north) return [south, north];
  }
  return null;
}

function pinch(part: [number, number] | null): [number, number] {
  const [south, north] = part ?? [0, 0];
  const at = south === -90 ? -90 : north === 90 ? 90 : (south + north) / 2;
  return [at, at];
}

function polygon(ring: Position[]): Feature<Polygon> {
  const first = ring[0] ?? [0, 0];
  return {
    type: "Feature",
    properties: {},
    geometry: { type: "Polygon", coordinates: [[...ring, first]] },
  };
}
