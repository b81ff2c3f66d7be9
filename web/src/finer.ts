// Finer shapes of land for those who look closer. They are five times as large as the first ones
// and come only then.

import type { Map as Engine } from "maplibre-gl";
import { landLayers } from "./mapstyle.ts";
import type { Palette } from "./palette.ts";

// finerFrom is the zoom from which the first shapes look coarse.
const finerFrom = 4.2;

export function addFiner(engine: Engine, address: string, colors: () => Palette): () => void {
  const add = () => {
    if (engine.getZoom() < finerFrom || engine.getSource("detail") || !engine.getLayer("land")) return;
    const data = new URL(address, location.href).href;
    engine.addSource("detail", { type: "geojson", data, tolerance: 0.2, maxzoom: 12 });
    for (const layer of landLayers(colors(), "detail", "-finer")) engine.addLayer(layer, "night");
  };
  // The first shapes go when the finer ones can be seen.
  const swap = (event: { sourceId?: string; isSourceLoaded?: boolean }) => {
    if (event.sourceId !== "detail" || !event.isSourceLoaded) return;
    for (const id of ["land", "borders", "coasts"]) {
      if (engine.getLayer(id)) engine.removeLayer(id);
    }
  };
  engine.on("moveend", add);
  engine.on("style.load", add);
  engine.on("sourcedata", swap);
  return () => {
    engine.off("moveend", add);
    engine.off("style.load", add);
    engine.off("sourcedata", swap);
  };
}
