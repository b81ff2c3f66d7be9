// The colours that the map is drawn in. Those of the ways are told apart under deuteranopia, and
// the same values stand in css/tokens.css for everything that is not on the map.

export interface Palette {
  sea: string;
  land: string;
  coast: string;
  border: string;
  text: string;
  halo: string; // around text
  rim: string; // around marks
  night: string;
  nightOpacity: number; // of each of the steps of dusk
  own: string;
  blueprint: string;
  digital: string;
  live: string;
  count: string; // numbers on clusters
  glow: number; // how strongly marks shine
  before: string; // bands of the sea where the date has not begun
  after: string; // and where it is over
  hours: [at: number, color: string][]; // and in between, by how much of it has passed, 0 to 1
  bandOpacity: number;
  landHours: [at: number, color: string][]; // the same for land
  midnight: string; // the line where the date begins or ends
  frontGlow: number; // how strongly it shines
  light: [r: number, g: number, b: number, strength: number]; // of cities at night
  lightsAdd: boolean; // whether lights brighten what is below, or darken it like ink
}

export function palette(dark: boolean): Palette {
  return dark ? night : day;
}

const night: Palette = {
  sea: "#0c1830",
  land: "#293b60",
  coast: "#6480b3",
  border: "#3a4f78",
  text: "#c9d6ee",
  halo: "#0a1122",
  rim: "#0a1122",
  night: "#02050f",
  nightOpacity: 0.088,
  own: "#f0a830",
  blueprint: "#56b4e9",
  digital: "#e58fc0",
  live: "#fff3cf",
  count: "#141b2d",
  glow: 0.42,
  before: "#0c1830",
  after: "#0c1830",
  hours: [
    [0, "#3a3370"],
    [0.25, "#7a4f5a"],
    [0.42, "#a07a35"],
    [0.6, "#a0683a"],
    [0.8, "#85405e"],
    [1, "#352a66"],
  ],
  bandOpacity: 0.42,
  landHours: [
    [0, "#3d4279"],
    [0.25, "#655a76"],
    [0.42, "#786e5b"],
    [0.6, "#79655b"],
    [0.8, "#6a5273"],
    [1, "#403a7a"],
  ],
  midnight: "#ffe2a0",
  frontGlow: 0.35,
  light: [1, 0.82, 0.5, 0.9],
  lightsAdd: true,
};

const day: Palette = {
  sea: "#dde6e9",
  land: "#fbf8f0",
  coast: "#b3a88f",
  border: "#d2c9b6",
  text: "#3c4658",
  halo: "#fffdf7",
  rim: "#fffdf7",
  night: "#2a3350",
  nightOpacity: 0.03,
  own: "#b45f06",
  blueprint: "#0b6aa8",
  digital: "#a0336f",
  live: "#e03c00",
  count: "#ffffff",
  glow: 0.16,
  before: "#dde6e9",
  after: "#dde6e9",
  hours: [
    [0, "#d9cfe6"],
    [0.25, "#f3dcc2"],
    [0.4, "#f5e6a3"],
    [0.6, "#f4d79c"],
    [0.78, "#eebfae"],
    [1, "#d3c4de"],
  ],
  bandOpacity: 0.8,
  landHours: [
    [0, "#eee7f2"],
    [0.25, "#fbeee0"],
    [0.4, "#fdf5cd"],
    [0.6, "#fbecc8"],
    [0.78, "#f9ddd2"],
    [1, "#eae0ef"],
  ],
  midnight: "#7a4300",
  frontGlow: 0.2,
  light: [0.55, 0.36, 0.1, 0.4],
  lightsAdd: false,
};

// tint is the colour of a band of the sea where so much of the date has passed: below 0 it has not
// begun, from 1 on it is over.
export function tint(p: Palette, progress: number): string {
  if (progress < 0) return p.before;
  if (progress >= 1) return p.after;
  return between(p.hours, progress);
}

// landTint is the same for land, which has its own colour where the date is not.
export function landTint(p: Palette, progress: number): string {
  if (progress < 0 || progress >= 1) return p.land;
  return between(p.landHours, progress);
}

function between(hours: [at: number, color: string][], progress: number): string {
  const next = Math.max(1, hours.findIndex(([at]) => at > progress));
  const [fromAt, from] = hours[next - 1] ?? [0, ""];
  const [toAt, to] = hours[next] ?? [1, ""];
  return mix(from, to, (progress - fromAt) / (toAt - fromAt));
}

function mix(from: string, to: string, share: number): string {
  const channel = (color: string, i: number) => parseInt(color.slice(1 + 2 * i, 3 + 2 * i), 16);
  const mixed = [0, 1, 2].map((i) =>
    Math.round(channel(from, i) * (1 - share) + channel(to, i) * share),
  );
  return `rgb(${mixed.join(",")})`;
}

// channels reads a color such as "#f0a830" or "rgb(240,168,48)": red, green and blue from 0 to 1.
export function channels(color: string): [number, number, number] {
  const read = color.startsWith("#")
    ? [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16))
    : (color.match(/\d+/g) ?? []).map(Number);
  const [red = 0, green = 0, blue = 0] = read;
  return [red / 255, green / 255, blue / 255];
}
