// The map's middle and zoom in the state, so that the address has them; and the way to where the
// state wants the map to be.

import type { Map as Engine } from "maplibre-gl";
import { wantsStillness } from "./look.ts";
import type { App, State, View } from "./state.ts";

const margin = 40; // pixels around a place that is shown
const closest = 10;

// startAt is the view that the address asks for, as the engine takes it.
export function startAt(view: View | null): { center: [number, number]; zoom: number } | undefined {
  return view ? { center: [view.longitude, view.latitude], zoom: view.zoom } : undefined;
}

export function bindView(app: App, engine: Engine): () => void {
  const viewNow = (): View => {
    const { lat, lng } = engine.getCenter();
    return { latitude: lat, longitude: ((lng + 540) % 360) - 180, zoom: engine.getZoom() };
  };
  let first: View | null = app.state.view ? null : viewNow();
  const moved = () => {
    const now = viewNow();
    if (first && isSame(now, first)) {
      if (app.state.view) app.change((s) => (s.view = null));
      return;
    }
    app.change((s) => (s.view = now));
  };
  const go = (state: State) => {
    const goal = state.goal;
    if (!goal) return;
    state.goal = null;
    const [west, south, east, north] = goal;
    // A box over the antimeridian goes on past 180 degrees.
    const bounds: [number, number, number, number] = [west, south, east < west ? east + 360 : east, north];
    engine.fitBounds(bounds, { padding: margin, maxZoom: closest, animate: !wantsStillness() });
  };
  engine.on("moveend", moved);
  const off = app.onRender(go);
  go(app.state);
  return () => {
    off();
    engine.off("moveend", moved);
    first = null;
  };
}

function isSame(a: View, b: View): boolean {
  const near = (x: number, y: number) => Math.abs(x - y) < 0.01;
  return near(a.latitude, b.latitude) && near(a.longitude, b.longitude) && near(a.zoom, b.zoom);
}
