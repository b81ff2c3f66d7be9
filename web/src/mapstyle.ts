// How the map looks: a quiet world below, the day and the night over it (see shadows.ts), and the
// events on top.
// There are no glyphs: the engine then draws text in the fonts of the device, in every script.

import type {
  ExpressionSpecification,
  FilterSpecification,
  LayerSpecification,
  StyleSpecification,
} from "maplibre-gl";
import type { Palette } from "./palette.ts";
import { frontLayers, landColor } from "./wavelayers.ts";

type Expression = ExpressionSpecification;

export const layersOfEvents = ["clusters", "points", "fresh", "found"];

// cityZooms is from which zoom on cities of each rank are named.
const cityZooms = [1.2, 2.4, 4, 5.5, 7];

export interface Addresses {
  world: string;
  cities: string;
  tiles: string;
}

// labelledFrom is the least number that a cluster bears in figures.
export const labelledFrom = 20;

const empty = { type: "FeatureCollection" as const, features: [] };

export function styleOf(p: Palette, at: Addresses, flat: boolean): StyleSpecification {
  return {
    version: 8,
    projection: { type: flat ? "mercator" : "globe" },
    sky: { "atmosphere-blend": 0 },
    sources: {
      world: { type: "geojson", data: at.world, tolerance: 0.2 },
      cities: { type: "geojson", data: at.cities },
      events: { type: "vector", tiles: [at.tiles], minzoom: 0, maxzoom: 16 },
      found: { type: "geojson", data: empty },
      fresh: { type: "geojson", data: empty },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": p.sea } },
      ...landLayers(p, "world", ""),
      ...frontLayers(p, "world", ""),
      ...eventLayers(p),
      ...cityLayers(p),
    ],
  };
}

// landLayers are named so that those of the finer shapes can take the place of the first ones.
export function landLayers(p: Palette, source: string, suffix: string): LayerSpecification[] {
  return [
    {
      id: `land${suffix}`,
      type: "fill",
      source,
      filter: ["==", ["get", "kind"], "land"],
      paint: { "fill-color": landColor(p), "fill-antialias": false },
    },
    {
      id: `borders${suffix}`,
      type: "line",
      source,
      filter: ["==", ["get", "kind"], "border"],
      paint: { "line-color": p.border, "line-width": 0.7, "line-opacity": 0.75 },
    },
    {
      id: `coasts${suffix}`,
      type: "line",
      source,
      filter: ["==", ["get", "kind"], "coast"],
      paint: { "line-color": p.coast, "line-width": 0.7, "line-opacity": 0.8 },
    },
  ];
}

const isCluster: FilterSpecification = ["has", "count"];
const isPoint: FilterSpecification = ["!", ["has", "count"]];

// size is the radius of a cluster: its area grows with the number, so that twice as many events
// look twice as much.
export function size(count: Expression): Expression {
  const radius: Expression = ["min", 20, ["+", 3.2, ["*", 1.05, ["sqrt", count]]]];
  return radius;
}

const countOf: Expression = ["get", "count"];

function clusterColor(p: Palette): Expression {
  const most: Expression = ["max", ["get", "ownWork"], ["get", "blueprint"], ["get", "digital"]];
  return [
    "case",
    ["==", ["get", "ownWork"], most],
    p.own,
    ["==", ["get", "blueprint"], most],
    p.blueprint,
    p.digital,
  ];
}

export function wayColor(p: Palette): Expression {
  return ["match", ["get", "way"], "BLUEPRINT", p.blueprint, "DIGITAL", p.digital, p.own];
}

const pointSize: Expression = ["interpolate", ["linear"], ["zoom"], 0, 0.46, 4, 0.6, 10, 0.95];

function eventLayers(p: Palette): LayerSpecification[] {
  return [
    {
      id: "glow",
      type: "circle",
      source: "events",
      "source-layer": "events",
      paint: {
        "circle-color": ["case", isCluster as Expression, clusterColor(p), wayColor(p)],
        "circle-radius": ["case", isCluster as Expression, ["*", 2.4, size(countOf)], 9],
        "circle-blur": 1,
        "circle-opacity": p.glow,
      },
    },
    {
      id: "live",
      type: "circle",
      source: "events",
      "source-layer": "events",
      filter: ["any", [">", ["coalesce", ["get", "live"], 0], 0], ["==", ["get", "phase"], "LIVE"]],
      paint: {
        "circle-color": p.live,
        "circle-radius": ["case", isCluster as Expression, ["+", 5, size(countOf)], 11],
        "circle-blur": 0.75,
        "circle-opacity": 0.5,
      },
    },
    {
      id: "clusters",
      type: "circle",
      source: "events",
      "source-layer": "events",
      filter: isCluster,
      layout: { "circle-sort-key": countOf },
      paint: {
        "circle-color": clusterColor(p),
        "circle-radius": size(countOf),
        "circle-stroke-color": p.rim,
        "circle-stroke-width": 1,
        "circle-opacity": 0.94,
      },
    },
    pointLayer("points", "events", isPoint),
    pointLayer("found", "found", null),
    pointLayer("fresh", "fresh", null),
    {
      id: "counts",
      type: "symbol",
      source: "events",
      "source-layer": "events",
      filter: ["all", isCluster as Expression, [">=", countOf, labelledFrom]],
      layout: {
        "text-field": ["to-string", countOf],
        "text-font": ["Noto Sans Bold"],
        "text-size": 10.5,
        "text-padding": 0,
        "symbol-sort-key": ["-", 0, countOf],
      },
      paint: { "text-color": p.count },
    },
  ];
}

function pointLayer(id: string, source: string, filter: FilterSpecification | null) {
  const layer: LayerSpecification = {
    id,
    type: "symbol",
    source,
    ...(source === "events" && { "source-layer": "events" }),
    ...(filter && { filter }),
    layout: {
      "icon-image": [
        "concat",
        ["get", "way"],
        ["case", ["==", ["get", "phase"], "LIVE"], "-LIVE", ["==", ["get", "phase"], "OFF"], "-OFF", ""],
      ],
      "icon-size": pointSize,
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
    },
  };
  return layer;
}

// cityLayers has the largest cities last: the engine makes room from the top layer down.
function cityLayers(p: Palette): LayerSpecification[] {
  return cityZooms.map((_, rank) => cityLayer(p, rank)).slice(0, firstRanks).reverse();
}

// firstRanks is how many ranks of cities the first view has; the others are in a file of their own.
export const firstRanks = 2;
export const lastRank = cityZooms.length - 1;

export function cityLayer(p: Palette, rank: number): LayerSpecification {
  return {
    id: `cities-${rank}`,
    type: "symbol",
    source: rank < firstRanks ? "cities" : "towns",
    minzoom: cityZooms[rank] ?? 0,
    filter: ["==", ["get", "rank"], rank],
    layout: {
      "text-field": ["get", "name"],
      "text-font": ["Noto Sans Regular"],
      "text-size": rank === 0 ? 12 : 11,
      "text-anchor": "top",
      "text-offset": [0, 0.6],
      "text-padding": 6,
      "text-max-width": 8,
    },
    paint: {
      "text-color": p.text,
      "text-halo-color": p.halo,
      "text-halo-width": 1.4,
      "text-opacity": 0.85,
    },
  };
}
