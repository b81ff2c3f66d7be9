// The wave on land: countries in the color of how much of the date has passed there, and the lines
// where it begins and where it ends. Shapes stay as they are; what changes by the minute is the state
// of features and two filters, so that a replay can run over it. The sea's part is in earth.ts.

import type { ExpressionSpecification as Expression, FilterSpecification, Map as Engine } from "maplibre-gl";
import type { LayerSpecification } from "maplibre-gl";
import { type Palette, landTint } from "./palette.ts";
import { type Wave, phaseAt, progressAt } from "./wave.ts";

const sources = ["world", "detail"]; // that have land in them

// landColor is the color of land by the state of its class.
export function landColor(p: Palette): Expression {
  return ["to-color", ["coalesce", ["feature-state", "tint"], p.land]];
}

const none: FilterSpecification = ["==", ["get", "kind"], "none"];

// firstFront is the lowest of the lines on land.
export const firstFront = "front-glow-begins";

// frontLayers are the lines where the date begins, drawn through, and where it ends, in dashes.
export function frontLayers(p: Palette, source: string, suffix: string): LayerSpecification[] {
  return (["begins", "ends"] as const).flatMap((what): LayerSpecification[] => [
    {
      id: `front-glow-${what}${suffix}`,
      type: "line",
      source,
      filter: none,
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
      filter: none,
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
  readonly #tints = new Map<string, string>();
  #wave: Wave | null = null;
  #fronts = "";

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  take(wave: Wave): void {
    this.#wave = wave;
  }

  // forget lets everything be drawn anew, for a style that has just been loaded.
  forget(): void {
    this.#tints.clear();
    this.#fronts = "";
  }

  draw(at: number, colors: Palette): void {
    this.#wave?.classes.forEach((d, id) => {
      const color = landTint(colors, progressAt(d, at));
      for (const source of sources) this.#tint(source, id, color);
    });
    this.#drawFronts(at);
  }

  #tint(source: string, id: number, color: string): void {
    const key = `${source} ${id}`;
    if (this.#tints.get(key) === color || !this.#engine.getSource(source)) return;
    this.#tints.set(key, color);
    this.#engine.setFeatureState({ source, id }, { tint: color });
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
