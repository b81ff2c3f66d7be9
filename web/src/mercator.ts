// Web Mercator: the square of the map, from 0 at its west and top to 1.

const edge = 85.05112877980659; // where it ends, in degrees north and south

// southing is how far down in the square a latitude lies; what is beyond lies on its edge.
export function southing(latitude: number): number {
  const sine = Math.sin((Math.max(-edge, Math.min(edge, latitude)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

// latitudeAt is the latitude so far down in the square.
export function latitudeAt(y: number): number {
  return (2 * Math.atan(Math.exp(Math.PI * (1 - 2 * y))) - Math.PI / 2) * (180 / Math.PI);
}
