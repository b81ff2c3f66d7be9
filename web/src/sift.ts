// The list's conditions on the map. Tiles know way and phase, so the marks themselves are sifted by
// those; for words, countries and distance the found events stand out and the rest steps back.

import type * as GeoJSON from "geojson";
import type {
  ExpressionSpecification as Expression,
  GeoJSONSource,
  Map as Engine,
} from "maplibre-gl";
import { type EventRow, type Mark, phaseOf, pointOf } from "./documents.ts";
import { wantsStillness } from "./look.ts";
import { labelledFrom, size } from "./mapstyle.ts";
import { isSearching } from "./marked.ts";
import type { Filter, State } from "./state.ts";

const countsOf: Record<string, string> = {
  OWN_WORK: "ownWork",
  BLUEPRINT: "blueprint",
  DIGITAL: "digital",
};

// steppedBack is how much of the other events is left to see.
const steppedBack = 0.22;

// How close the map comes to what was found, and how much room it leaves around, in pixels.
const closest = 7;
const margin = 70;

let shownFilter: Filter | undefined;
let shownRows: EventRow[] | null | undefined;
let shownMarks: Mark[] | undefined;
let shownGone: string[] | undefined;

export function showFiltered(engine: Engine, state: State, anew: boolean): void {
  const newRows = !anew && state.list.rows !== shownRows;
  const { further } = state.list;
  const isSame = state.filter === shownFilter && state.list.rows === shownRows && further === shownMarks && state.gone === shownGone;
  if (!anew && isSame) return;
  shownFilter = state.filter;
  shownRows = state.list.rows;
  shownMarks = further;
  shownGone = state.gone;
  const { way, phase, country } = state.filter;
  const fitting = fittingOf(way, phase);
  const ofPoint: Expression[] = [["!", ["has", "count"]]];
  if (way) ofPoint.push(["==", ["get", "way"], way]);
  if (phase) ofPoint.push(["==", ["get", "phase"], phase]);
  const clusters: Expression = ["all", ["has", "count"], [">", fitting, 0]];
  const points: Expression = ["all", ...ofPoint];
  engine.setFilter("clusters", clusters);
  engine.setFilter("points", points);
  engine.setFilter("glow", ["any", clusters, points]);
  engine.setFilter("counts", ["all", ["has", "count"], [">=", fitting, labelledFrom]]);
  engine.setPaintProperty("clusters", "circle-radius", size(fitting));
  engine.setLayoutProperty("counts", "text-field", ["to-string", fitting]);

  const searching = isSearching(state);
  const strength = searching ? steppedBack : 1;
  engine.setPaintProperty("clusters", "circle-opacity", 0.94 * strength);
  engine.setPaintProperty("points", "icon-opacity", strength);
  engine.setPaintProperty("counts", "text-opacity", strength);
  engine.setLayoutProperty("glow", "visibility", searching ? "none" : "visible");
  engine.setLayoutProperty("live", "visibility", searching ? "none" : "visible");
  const rows = searching ? (state.list.rows ?? []) : [];
  engine.getSource<GeoJSONSource>("found")?.setData(collectionOf(searching ? together(rows, further, state.gone) : []));
  if (newRows && !state.list.still && (country || state.near)) lookAt(engine, rows);
}

// lookAt turns the map to the found events. Those on both sides of the antimeridian would need the
// whole world: the map then stays.
function lookAt(engine: Engine, rows: EventRow[]): void {
  const points = rows.map((row) => pointOf(row.place)).filter((p) => p !== null);
  if (points.length === 0) return;
  const [west, east] = rangeOf(points.map(([longitude]) => longitude));
  const [south, north] = rangeOf(points.map(([, latitude]) => latitude));
  if (east - west > 180) return;
  const options = { padding: margin, maxZoom: closest, animate: !wantsStillness() };
  engine.fitBounds([west, south, east, north], options);
}

function rangeOf(values: number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

// together is every found event once, without those that are not public any more.
function together(rows: Mark[], further: Mark[], gone: string[]): Mark[] {
  const seen = new Set(gone);
  return [...rows, ...further].filter(({ id }) => !seen.has(id) && seen.add(id));
}

// fittingOf is how many events of a cluster fit, as far as its tile can tell.
function fittingOf(way: string, phase: string): Expression {
  const all: Expression = ["coalesce", ["get", (way && countsOf[way]) || "count"], 0];
  return phase === "LIVE" ? ["min", all, ["coalesce", ["get", "live"], 0]] : all;
}

function collectionOf(rows: Mark[]): GeoJSON.FeatureCollection {
  return {
    type: "FeatureCollection",
    features: rows.flatMap((row): GeoJSON.Feature[] => {
      const at = pointOf(row.place);
      if (!at) return [];
      return [
        {
          type: "Feature",
          properties: { id: row.id, way: row.way, phase: phaseOf(row.day) },
          geometry: { type: "Point", coordinates: at },
        },
      ];
    }),
  };
}
