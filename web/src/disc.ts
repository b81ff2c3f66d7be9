// How large a globe shows, and how far to zoom for one of a wanted size.

// tileSize is how many pixels the whole flat world has at zoom 0.
export const tileSize = 512;

const cameraDistance = 1.5; // in heights of the box, from the engine's field of view of 36.87 degrees

// discRadius is how large the globe shows, in pixels. A sphere of radius r seen from d above its
// surface has its rim where the line of sight touches it: d r / sqrt((d+r)^2 - r^2) from the middle.
export function discRadius(zoom: number, latitude: number, height: number): number {
  const r = (tileSize * 2 ** zoom) / (2 * Math.PI) / Math.cos((latitude * Math.PI) / 180);
  const d = cameraDistance * height;
  return (d * r) / Math.sqrt((d + r) ** 2 - r ** 2);
}

// zoomOfDisc is the zoom at which the globe shows so large: discRadius, solved for it.
export function zoomOfDisc(radius: number, latitude: number, height: number): number {
  const d = cameraDistance * height;
  const r = (radius * (radius + Math.hypot(radius, d))) / d;
  return Math.log2((r * 2 * Math.PI * Math.cos((latitude * Math.PI) / 180)) / tileSize);
}
