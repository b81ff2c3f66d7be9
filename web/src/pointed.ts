// The place that somebody looks at: under the pointer, where a finger has touched the empty map, or
// in the middle of the map when it is moved by keys. What is known of it is when the date begins
// and ends there.

import type { Map as Engine, PointLike } from "maplibre-gl";
import type { App } from "./state.ts";
import { type Day, type Wave, dayAtSea, seaOffset } from "./wave.ts";

// offGlobe is how far, in pixels, a point may be from its place before it is beside the globe.
const offGlobe = 2;

export function bindPointed(app: App, engine: Engine, wave: () => Wave | null): () => void {
  const date = app.page.dataset.date ?? "";
  const point = (day: Day | null) => {
    if (day !== (app.state.pointed ?? null)) app.change((s) => (s.pointed = day));
  };
  const at = (spot: { x: number; y: number }) => point(dayAt(engine, wave(), date, spot));
  let last: { x: number; y: number } | null = null; // looked up once a frame
  const look = () => {
    if (last) at(last);
    last = null;
  };
  const hover = (event: { point: { x: number; y: number } }) => {
    if (!last) requestAnimationFrame(look);
    last = event.point;
  };
  const leave = () => {
    last = null;
    point(null);
  };
  const touch = (event: { point: { x: number; y: number } }) => at(event.point);
  const moved = () => {
    const { clientWidth, clientHeight } = engine.getContainer();
    if (document.activeElement === engine.getCanvas() && byKeys) {
      at({ x: clientWidth / 2, y: clientHeight / 2 });
    }
  };
  let byKeys = false;
  const keyed = () => (byKeys = true);
  const pointed = () => (byKeys = false);
  const canvas = engine.getCanvas();
  engine.on("mousemove", hover);
  engine.on("mouseout", leave);
  engine.on("click", touch);
  engine.on("moveend", moved);
  canvas.addEventListener("keydown", keyed);
  canvas.addEventListener("pointerdown", pointed);
  return () => {
    engine.off("mousemove", hover);
    engine.off("mouseout", leave);
    engine.off("click", touch);
    engine.off("moveend", moved);
    canvas.removeEventListener("keydown", keyed);
    canvas.removeEventListener("pointerdown", pointed);
  };
}

// days are remembered, so that the same place is the same object.
const seaDays = new Map<number, Day>();

function dayAt(engine: Engine, wave: Wave | null, date: string, spot: { x: number; y: number }): Day | null {
  const place = engine.unproject([spot.x, spot.y]);
  const back = engine.project(place);
  if (Math.hypot(back.x - spot.x, back.y - spot.y) > offGlobe) return null;
  const layers = ["land", "land-finer"].filter((id) => engine.getLayer(id));
  const [land] = engine.queryRenderedFeatures([spot.x, spot.y] as PointLike, { layers });
  const zone = land?.properties.zone as number | undefined;
  if (zone !== undefined) return wave?.classes[zone] ?? null;
  const offset = seaOffset(place.wrap().lng);
  const known = seaDays.get(offset) ?? dayAtSea(date, offset);
  seaDays.set(offset, known);
  return known;
}
