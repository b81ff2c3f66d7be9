// The two shadows that travel over the map: the night, by where the sun stands, and the date, by
// the clock of the sea, whose zones are fifteen degrees wide.

import type { Feature, FeatureCollection, Polygon, Position } from "geojson";
import { type Palette, tint } from "./palette.ts";

const rad = Math.PI / 180;
const hour = 3_600_000;
const day = 24 * hour;
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

// dusk are the heights of the sun, in degrees, below which it is night in three steps.
const dusk = [-0.8, -6, -12];
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
      features.push(polygon({}, [[west, a], [west + stripe, c], [west + stripe, d], [west, b]]));
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

// bands is the sea's zones, each in the colour of how much of the date has passed there; date is
// such as "2026-03-07".
export function bands(now: number, date: string, palette: Palette): FeatureCollection<Polygon> {
  const features: Feature<Polygon>[] = [];
  for (let offset = -12; offset <= 12; offset++) {
    const middle = offset * 15;
    const west = Math.max(-180, middle - 7.5);
    const east = Math.min(180, middle + 7.5);
    const progress = (now + offset * hour - Date.parse(`${date}T00:00:00Z`)) / day;
    const ring: Position[] = [[west, -90], [east, -90], [east, 90], [west, 90]];
    features.push(polygon({ color: tint(palette, progress) }, ring));
  }
  return { type: "FeatureCollection", features };
}

// midnights is where the date begins and where it ends now, as meridians of the sea's zones.
export function midnights(now: number, date: string): FeatureCollection {
  const start = Date.parse(`${date}T00:00:00Z`);
  const lines = [start, start + day]
    .map((at) => Math.ceil((at - now) / hour)) // the westernmost zone that has passed it
    .filter((offset) => offset > -12 && offset <= 12)
    .map((offset) => offset * 15 - 7.5);
  return {
    type: "FeatureCollection",
    features: lines.map((longitude) => ({
      type: "Feature",
      properties: {},
      geometry: { type: "LineString", coordinates: [[longitude, -85], [longitude, 85]] },
    })),
  };
}

function polygon(properties: object, ring: Position[]): Feature<Polygon> {
  const first = ring[0] ?? [0, 0];
  return {
    type: "Feature",
    properties: { ...properties },
    geometry: { type: "Polygon", coordinates: [[...ring, first]] },
  };
}
