// Where the sun stands, by which the night travels over the map.

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

// sunVector is the direction of the sun as layers on the earth take it: one long, with x toward
// longitude 0 at the equator and z toward the north pole.
export function sunVector(now: number): [number, number, number] {
  const { latitude, longitude } = sunAt(now);
  const [north, east] = [latitude * rad, longitude * rad];
  return [Math.cos(north) * Math.cos(east), Math.cos(north) * Math.sin(east), Math.sin(north)];
}
