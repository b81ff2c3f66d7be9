// Finer shapes of land and the smaller cities for those who look closer. They are five times as
// large as what the first view needs and come only then.

import type { Map as Engine } from "maplibre-gl";
import { cityLayer, firstRanks, landLayers, lastRank } from "./mapstyle.ts";
import type { Palette } from "./palette.ts";
import { frontLayers } from "./wavelayers.ts";

// finerFrom is the zoom from which the first shapes look coarse, townsFrom that from which there is
// room for the names of smaller cities.
const finerFrom = 4.2;
const townsFrom = 3.6;

export interface Finer {
  land: string; // addresses
  towns: string;
  colors: () => Palette;
  added: () => void; // called when there are new shapes to tint
}

export function addFiner(engine: Engine, { land: address, towns, colors, added }: Finer): () => void {
  const whole = (path: string) => new URL(path, location.href).href;
  const addTowns = () => {
    if (engine.getZoom() < townsFrom || engine.getSource("towns") || !engine.getLayer("cities-1")) return;
    engine.addSource("towns", { type: "geojson", data: whole(towns) });
    // The largest stay on top, where names find room first.
    for (let rank = firstRanks; rank <= lastRank; rank++) {
      engine.addLayer(cityLayer(colors(), rank), `cities-${rank - 1}`);
    }
  };
  const add = () => {
    if (engine.getZoom() < finerFrom || engine.getSource("detail") || !engine.getLayer("land")) return;
    engine.addSource("detail", { type: "geojson", data: whole(address), tolerance: 0.2, maxzoom: 12 });
    for (const layer of landLayers(colors(), "detail", "-finer")) engine.addLayer(layer, "night");
    for (const layer of frontLayers(colors(), "detail", "-finer")) engine.addLayer(layer, "glow");
    added();
  };
  // The first shapes go when the finer ones can be seen.
  const swap = (event: { sourceId?: string; isSourceLoaded?: boolean }) => {
    if (event.sourceId !== "detail" || !event.isSourceLoaded) return;
    const coarse = [...landLayers(colors(), "world", ""), ...frontLayers(colors(), "world", "")];
    for (const { id } of coarse) {
      if (engine.getLayer(id)) engine.removeLayer(id);
    }
  };
  for (const what of [add, addTowns]) {
    engine.on("moveend", what);
    engine.on("style.load", what);
  }
  engine.on("sourcedata", swap);
  return () => {
    for (const what of [add, addTowns]) {
      engine.off("moveend", what);
      engine.off("style.load", what);
    }
    engine.off("sourcedata", swap);
  };
}
