// What lies over the map by the instant that the page tells of: night, the wave of the date, and the
// lights of cities.

import type { Map as Engine } from "maplibre-gl";
import { nightLayer, seaLayer } from "./earth.ts";
import { addLights } from "./lights.ts";
import type { Palette } from "./palette.ts";
import type { App } from "./state.ts";
import { type Wave, withWave } from "./wave.ts";
import { WaveLayers, firstFront } from "./wavelayers.ts";

// every is how often, in milliseconds, night and date move on.
const every = 60_000;

export interface Shadows {
  readonly draw: () => void;
  readonly wave: () => Wave | null; // null until it has come
  restyle(): void; // after a new style, which has none of them
  remove(): void;
}

export function bindShadows(app: App, engine: Engine, colors: () => Palette): Shadows {
  const layers = new WaveLayers(engine);
  let wave: Wave | null = null;
  const draw = () => {
    layers.draw(app.shown(), colors());
    engine.triggerRepaint();
  };
  const removeLights = addLights(engine, app.page.dataset.lights ?? "", app.shown, colors);
  withWave(app, (found) => { // until then land stays untinted
    wave = found;
    layers.take(found);
    draw();
  });
  const timer = setInterval(draw, every);
  return {
    draw,
    wave: () => wave,
    restyle() {
      engine.addLayer(seaLayer(app.page.dataset.date ?? "", app.shown, colors), "land");
      engine.addLayer(nightLayer(app.shown, colors), firstFront); // which no night dims
      layers.forget();
      draw();
    },
    remove() {
      clearInterval(timer);
      removeLights();
    },
  };
}
