// The wave on the map: land and sea in the colour of how much of the date has passed there, and the
// lines where it begins and where it ends. Shapes stay as they are; what changes by the minute is
// the state of features and two filters, so that a replay can run over it.

import type { ExpressionSpecification as Expression, FilterSpecification, Map as Engine } from "maplibre-gl";
import type { FeatureCollection, GeoJSON } from "geojson";
import type { GeoJSONSource, LayerSpecification } from "maplibre-gl";
import { type Palette, landTint, tint } from "./palette.ts";
import { type Wave, dayAtSea, phaseAt, progressAt } from "./wave.ts";

const sources = ["world", "detail"]; // that have land in them

// seaOffsets are the sea's zones, from UTC-12 to UTC+12.
const seaOffsets = [...Array(25).keys()].map((i) => i - 12);

// bands is the sea's zones, fifteen degrees wide but for the two halves at the date line.
export function bands(): FeatureCollection {
  return {
    type: "FeatureCollection",
    features: seaOffsets.map((offset) => {
      const west = Math.max(-180, offset * 15 - 7.5);
      const east = Math.min(180, offset * 15 + 7.5);
      const ring = [[west, -90], [east, -90], [east, 90], [west, 90], [west, -90]];
      return {
        type: "Feature",
        id: offset + 12,
        properties: {},
        geometry: { type: "Polygon", coordinates: [ring] },
      };
    }),
  };
}

// midnights is where the date begins and where it ends at sea, as meridians between its zones.
export function midnights(date: string, at: number): FeatureCollection {
  const features: FeatureCollection["features"] = [];
  for (const offset of seaOffsets) {
    if (offset === 12) continue;
    // The last zone and the first meet at the date line, in the middle of one of fifteen degrees.
    const [west, east] = [dayAtSea(date, offset), dayAtSea(date, offset + 1)].map((d) => phaseAt(d, at));
    if (west === east) continue;
    const longitude = offset * 15 + 7.5;
    features.push(meridian(longitude, west === "before" ? "begins" : "ends"));
  }
  return { type: "FeatureCollection", features };
}

function meridian(longitude: number, what: string): FeatureCollection["features"][number] {
  const coordinates = [...Array(35).keys()].map((i) => [longitude, i * 5 - 85]);
  return { type: "Feature", properties: { what }, geometry: { type: "LineString", coordinates } };
}

const stateTint = (otherwise: string): Expression => [
  "to-color",
  ["coalesce", ["feature-state", "tint"], otherwise],
];

export function bandLayer(p: Palette): LayerSpecification {
  return {
    id: "bands",
    type: "fill",
    source: "bands",
    paint: { "fill-color": stateTint(p.sea), "fill-opacity": p.bandOpacity, "fill-antialias": false },
  };
}

// landColor is the colour of land by the state of its class.
export function landColor(p: Palette): Expression {
  return stateTint(p.land);
}

const none: FilterSpecification = ["==", ["get", "kind"], "none"];

// frontLayers are the lines where the date begins, drawn through, and where it ends, in dashes.
export function frontLayers(p: Palette, source: string, suffix: string): LayerSpecification[] {
  const filterOf = (what: string): FilterSpecification =>
    source === "midnights" ? ["==", ["get", "what"], what] : none;
  return (["begins", "ends"] as const).flatMap((what): LayerSpecification[] => [
    {
      id: `front-glow-${what}${suffix}`,
      type: "line",
      source,
      filter: filterOf(what),
      paint: {
        "line-color": p.midnight,
        "line-width": 7,
        "line-blur": 6,
        "line-opacity": what === "begins" ? p.frontGlow : p.frontGlow / 2,
      },
    },
    {
      id: `front-${what}${suffix}`,
      type: "line",
      source,
      filter: filterOf(what),
      paint: {
        "line-color": p.midnight,
        "line-width": what === "begins" ? 1.6 : 1.3,
        "line-opacity": what === "begins" ? 0.95 : 0.8,
        ...(what === "ends" && { "line-dasharray": [3, 2.5] }),
      },
    },
  ]);
}

// WaveLayers draws the wave of one map.
export class WaveLayers {
  readonly #engine: Engine;
  readonly #date: string;
  readonly #tints = new Map<string, string>();
  #wave: Wave | null = null;
  #fronts = "";
  #midnights = "";

  constructor(engine: Engine, date: string) {
    this.#engine = engine;
    this.#date = date;
  }

  take(wave: Wave): void {
    this.#wave = wave;
  }

  // forget lets everything be drawn anew, for a style that has just been loaded.
  forget(): void {
    this.#tints.clear();
    this.#fronts = this.#midnights = "";
    this.#engine.getSource<GeoJSONSource>("bands")?.setData(bands() as GeoJSON);
  }

  draw(at: number, colors: Palette): void {
    for (const offset of seaOffsets) {
      const progress = progressAt(dayAtSea(this.#date, offset), at);
      this.#tint("bands", offset + 12, tint(colors, progress));
    }
    this.#wave?.classes.forEach((d, id) => {
      const color = landTint(colors, progressAt(d, at));
      for (const source of sources) this.#tint(source, id, color);
    });
    this.#drawMidnights(at);
    this.#drawFronts(at);
  }

  #tint(source: string, id: number, color: string): void {
    const key = `${source} ${id}`;
    if (this.#tints.get(key) === color || !this.#engine.getSource(source)) return;
    this.#tints.set(key, color);
    this.#engine.setFeatureState({ source, id }, { tint: color });
  }

  #drawMidnights(at: number): void {
    const lines = midnights(this.#date, at);
    const text = JSON.stringify(lines);
    if (text === this.#midnights) return;
    this.#midnights = text;
    this.#engine.getSource<GeoJSONSource>("midnights")?.setData(lines as GeoJSON);
  }

  // On land the lines are the seams between classes that stand in different phases.
  #drawFronts(at: number): void {
    if (!this.#wave) return;
    const order = { before: 0, in: 1, after: 2 };
    const phases = this.#wave.classes.map((d) => order[phaseAt(d, at)]);
    const suffixes = ["", "-finer"].filter((s) => this.#engine.getLayer(`front-begins${s}`));
    const text = phases.join("") + suffixes.join();
    if (text === this.#fronts) return;
    this.#fronts = text;
    const phase = (side: string): Expression => ["at", ["get", side], ["literal", phases]];
    const sides: [Expression, Expression] = [phase("a"), phase("b")];
    const least: Expression = ["min", ...sides];
    const most: Expression = ["max", ...sides];
    for (const suffix of suffixes) {
      for (const [what, from] of [["begins", 0], ["ends", 1]] as const) {
        const filter: FilterSpecification = [
          "all",
          ["==", ["get", "kind"], "seam"],
          ["==", least, from],
          [">", most, from],
        ];
        this.#engine.setFilter(`front-${what}${suffix}`, filter);
        this.#engine.setFilter(`front-glow-${what}${suffix}`, filter);
      }
    }
  }
}
