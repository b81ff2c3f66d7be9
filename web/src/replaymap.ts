// The map in a replay: the layers of now step back, the events of the moment are drawn instead, and
// night and date stand where they stood.

import type { Map as Engine, MapMouseEvent } from "maplibre-gl";
import { showNear } from "./list.ts";
import { isDark } from "./look.ts";
import { lastRank } from "./mapstyle.ts";
import { latitudeAt, southing } from "./mercator.ts";
import { type Palette, palette } from "./palette.ts";
import { ReplayLayer, replayLayerId } from "./replaylayer.ts";
import type { App, State } from "./state.ts";
import type { Tape } from "./tape.ts";

const layersOfNow = ["glow", "live", "clusters", "points", "found", "fresh", "counts"];

// How often night and date are drawn anew while the day is played, in milliseconds, and after how
// much time of the day.
const shadowsEvery = 200;
const shadowsAfter = 60_000;

// touchSize is how far, in pixels, from a dot a finger may land; its surroundings are then listed.
const touchSize = 12;
const aroundKm = 1;

export interface ReplayMap {
  render(state: State): void;
  restyle(): void; // after a new style, which has none of our layers
  remove(): void;
}

// bindReplayMap calls drawShadows when the moment has moved on, and back when the layers of now are
// to be shown again.
export function bindReplayMap(app: App, engine: Engine, drawShadows: () => void, back: () => void): ReplayMap {
  const colors = new Map<boolean, Palette>();
  let layer: ReplayLayer | undefined;
  let shadowsAt = -shadowsEvery;
  let later: ReturnType<typeof setTimeout> | undefined;
  let shaded = 0; // the moment of which night and date are drawn; 0 for now

  const palettes = () => {
    const dark = isDark();
    const found = colors.get(dark) ?? palette(dark);
    colors.set(dark, found);
    return found;
  };
  const hide = (hidden: boolean) => {
    for (const id of layersOfNow) {
      if (engine.getLayer(id)) engine.setLayoutProperty(id, "visibility", hidden ? "none" : "visible");
    }
  };
  const shade = (at: number) => {
    const now = performance.now();
    if (at === shaded || (at && shaded && Math.abs(at - shaded) < shadowsAfter)) return;
    if (at && now - shadowsAt < shadowsEvery) {
      // The last one must come, too.
      later ??= setTimeout(() => {
        later = undefined;
        app.change(() => {});
      }, shadowsEvery);
      return;
    }
    shadowsAt = now;
    shaded = at;
    drawShadows();
  };
  const render = ({ replay }: State) => {
    if (!replay && layer) {
      engine.removeLayer(replayLayerId);
      layer = undefined;
      hide(false);
      back();
    }
    if (replay && !layer) {
      layer = new ReplayLayer(palettes());
      engine.addLayer(layer, lowestCities(engine));
      hide(true);
    }
    layer?.show(replay?.tape ?? null, secondOf(replay), palettes());
    shade(replay?.at ?? 0);
  };
  const click = (event: MapMouseEvent) => {
    const { replay } = app.state;
    const hit = replay?.tape && nearest(engine, event, replay.tape, secondOf(replay));
    if (hit) showNear(app, { latitude: hit.lat, longitude: hit.lng, withinKm: aroundKm });
  };
  engine.on("click", click);
  return {
    render,
    restyle() {
      layer = undefined;
      shaded = 0;
      render(app.state);
    },
    remove() {
      engine.off("click", click);
      clearTimeout(later);
    },
  };
}

// lowestCities is the lowest of the layers of names that are there; those of towns come later.
function lowestCities(engine: Engine): string | undefined {
  const ranks = [...Array(lastRank + 1).keys()].reverse();
  return ranks.map((rank) => `cities-${rank}`).find((id) => engine.getLayer(id));
}

function secondOf(replay: State["replay"]): number {
  return replay?.tape ? (replay.at - replay.tape.opens) / 1000 : 0;
}

// nearest is the place of the dot that was pressed. It looks at all that show, which takes about a
// millisecond and only when somebody presses.
function nearest(engine: Engine, { lngLat }: MapMouseEvent, tape: Tape, second: number) {
  const { spans } = tape;
  const pixels = 512 * 2 ** engine.getZoom();
  const [x, y] = [lngLat.lng / 360 + 0.5, southing(lngLat.lat)];
  let best = -1;
  let least = (touchSize / pixels) ** 2;
  for (let i = 0; i < spans.count; i++) {
    const distance = ((spans.x[i] ?? 0) - x) ** 2 + ((spans.y[i] ?? 0) - y) ** 2;
    if (distance > least || (spans.from[i] ?? 0) > second || second >= (spans.until[i] ?? 0)) continue;
    [best, least] = [i, distance];
  }
  if (best < 0) return null;
  return { lng: (spans.x[best] ?? 0) * 360 - 180, lat: latitudeAt(spans.y[best] ?? 0) };
}
