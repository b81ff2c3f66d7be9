// What axe cannot tell: whether texts that lie over the map can be read whatever it draws there, and
// whether edges and marks are seen. The colors are read from where they stand.

import controls from "../css/controls.css";
import wave from "../css/map-wave.css";
import world from "../css/map-world.css";
import screen from "../css/screen-parts.css";
import tokens from "../css/tokens.css";
import { palette } from "../src/palette.ts";
import { equal, test } from "./harness.ts";

type Color = [r: number, g: number, b: number];
type Theme = Record<string, string>;

const readable = 4.5; // WCAG 1.4.3, for texts of common size
const visible = 3; // WCAG 1.4.11, for edges and marks

// The blocks of the tokens: light, dark by the system, dark by choice.
const [light = {}, system = {}, chosen = {}] = [...tokens.matchAll(/\{([^{}]*--ground[^{}]*)\}/g)].map(
  ([, block = ""]): Theme => Object.fromEntries([...block.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value])),
);
const themes: [string, Theme, boolean][] = [
  ["light", light, false],
  ["dark", system, true],
];

function rgb(color: string | undefined): Color {
  const hex = /^#([0-9a-f]{6})$/.exec(color ?? "")?.[1];
  if (!hex) throw new Error(`${color} is no color`);
  return [0, 2, 4].map((i) => parseInt(hex.slice(i, i + 2), 16)) as Color;
}

function mix(over: Color, under: Color, share: number): Color {
  return over.map((v, i) => v * share + (under[i] ?? 0) * (1 - share)) as Color;
}

function contrast(a: Color, b: Color): number {
  const light = ([r, g, b]: Color) => {
    const [x = 0, y = 0, z = 0] = [r, g, b].map((v) => (v <= 10 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const [low = 0, high = 0] = [light(a), light(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

function atLeast(want: number, got: number, what: string): void {
  if (!(got >= want)) throw new Error(`${what}: ${got.toFixed(2)}, want ${want}`);
}

// shares are how much of a color such mixtures hold, from 0 to 1.
function shares(sheet: string, name: string): number[] {
  const found = [...sheet.matchAll(new RegExp(`color-mix\\(in srgb, var\\(--${name}\\) (\\d+)%, transparent\\)`, "g"))];
  if (found.length === 0) throw new Error(`no mixture with ${name}`);
  return found.map(([, percent]) => Number(percent) / 100);
}

test("the dark colors that are written twice are the same", () => equal(system, chosen));

test("texts can be read on every ground", () => {
  for (const [name, t] of themes) {
    for (const text of ["text", "soft", "accent", "live", "good", "wrong"]) {
      for (const ground of ["ground", "raised", "sunken", "note-ground", "wrong-ground"]) {
        atLeast(readable, contrast(rgb(t[text]), rgb(t[ground])), `${text} on ${ground} (${name})`);
      }
    }
    const hovered = mix(rgb(t["accent-ground"]), rgb(t.text), 0.88);
    for (const ground of [rgb(t["accent-ground"]), hovered]) {
      atLeast(readable, contrast(rgb(t["on-accent"]), ground), `a button's text (${name})`);
    }
  }
});

test("texts over the map can be read whatever lies below them", () => {
  for (const [name, t, dark] of themes) {
    const p = palette(dark);
    const drawn = [...Object.values(p), ...p.hours.map(([, c]) => c), ...p.landHours.map(([, c]) => c)];
    const colors = drawn.filter((c): c is string => typeof c === "string");
    for (const share of [...shares(world, "ground"), ...shares(wave, "ground")]) {
      for (const below of colors) {
        const ground = mix(rgb(t.ground), rgb(below), share);
        for (const text of ["text", "soft"]) {
          atLeast(readable, contrast(rgb(t[text]), ground), `${text} over ${below} (${name})`);
        }
      }
    }
  }
});

test("what is live can be read on the big screen, whatever lies below it", () => {
  for (const [name, t, dark] of themes) {
    const p = palette(dark);
    const drawn = [...Object.values(p), ...p.hours.map(([, c]) => c), ...p.landHours.map(([, c]) => c)];
    for (const below of drawn.filter((c): c is string => typeof c === "string")) {
      for (const share of shares(screen, "raised")) {
        const ground = mix(rgb(t.raised), rgb(below), share);
        for (const text of ["text", "soft", "live"]) {
          atLeast(readable, contrast(rgb(t[text]), ground), `${text} over ${below} (${name})`);
        }
      }
    }
  }
});

test("the map's own names and numbers can be read, and its marks are seen", () => {
  for (const [name, t, dark] of themes) {
    const p = palette(dark);
    atLeast(readable, contrast(rgb(p.text), rgb(p.halo)), `names (${name})`);
    for (const way of ["own", "blueprint", "digital"] as const) {
      equal(t[way], p[way], `${way} beside the map and on it:`);
      atLeast(readable, contrast(rgb(p.count), rgb(p[way])), `numbers on ${way} (${name})`);
      atLeast(visible, contrast(rgb(p[way]), rgb(p.rim)), `${way} in its rim (${name})`);
      for (const ground of ["ground", "raised"]) {
        atLeast(visible, contrast(rgb(t[way]), rgb(t[ground])), `${way} on ${ground} (${name})`);
      }
    }
  }
});

test("edges of fields and the ring of the focus are seen", () => {
  for (const [name, t] of themes) {
    for (const ground of ["ground", "raised", "sunken"]) {
      const below = rgb(t[ground]);
      atLeast(visible, contrast(rgb(t.focus), below), `the ring on ${ground} (${name})`);
      const edge = mix(rgb(t.soft), below, shares(controls, "soft")[0] ?? 0);
      atLeast(visible, contrast(edge, below), `the edge of a field on ${ground} (${name})`);
    }
  }
});
