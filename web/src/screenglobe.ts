// The globe of the big screen: the map's own style, without anything to press, that travels.

import { Map as Engine, setWorkerUrl } from "maplibre-gl";
import { sunAt } from "./daylight.ts";
import type { Activity } from "./documents.ts";
import { Fresh, Refresher } from "./fresh.ts";
import { isDark, onThemeChange, wantsStillness } from "./look.ts";
import { styleOf } from "./mapstyle.ts";
import { addMarks } from "./marks.ts";
import { palette } from "./palette.ts";
import { Pulses } from "./pulses.ts";
import { bindShadows } from "./shadows.ts";
import type { App } from "./state.ts";

export interface ScreenGlobe {
  go(to: [number, number] | null): void; // null turns the globe on
  take(latest: Activity[]): void;
  upTo(unseen: number): void;
  refresh(resync: number, snapshot: string): void;
}

const closeZoom = 3.1;
const flight = 5_000; // milliseconds
const turnBy = 24; // degrees that an idle globe turns on

export function screenGlobe(app: App): ScreenGlobe {
  const { page } = app;
  const whole = (path: string | undefined) => new URL(path ?? "", location.href).href;
  const slug = page.dataset.slug ?? "";
  const flat = new URLSearchParams(location.search).get("projection") === "mercator";
  setWorkerUrl(whole(page.dataset.worker));
  const at = {
    world: whole(page.dataset.world),
    cities: whole(page.dataset.cities),
    tiles: `${location.origin}/tiles/${encodeURIComponent(slug)}/{z}/{x}/{y}.mvt`,
  };
  let colors = palette(isDark());
  const refresher = new Refresher(slug);
  const engine = new Engine({
    container: "map",
    style: styleOf(colors, at, flat),
    center: [sunAt(app.now()).longitude, 18],
    zoom: flat ? 1 : 1.9,
    interactive: false,
    attributionControl: false,
    refreshExpiredTiles: false,
    transformRequest: refresher.address,
    fadeDuration: wantsStillness() ? 0 : 200,
    canvasContextAttributes: { antialias: !flat },
    locale: { "Map.Title": page.dataset.label ?? "" },
  });
  refresher.bind(engine);
  const pulses = new Pulses(engine);
  const fresh = new Fresh(engine);
  const shadows = bindShadows(app, engine, () => colors);
  engine.on("style.load", () => {
    addMarks(engine, colors);
    shadows.restyle();
    fresh.draw();
    page.dataset.map = "ready";
  });
  let drawn = false;
  engine.once("load", () => {
    drawn = true;
    page.dataset.drawn = "yes";
  });
  onThemeChange(() => {
    colors = palette(isDark());
    engine.setStyle(styleOf(colors, at, flat), { diff: false });
  });

  return {
    go(to) {
      const { lng } = engine.getCenter();
      const view = to ? { center: to, zoom: closeZoom } : { center: [lng + turnBy, 18] as [number, number], zoom: 1.9 };
      if (!drawn || wantsStillness()) engine.jumpTo(view);
      else if (to) engine.flyTo({ ...view, duration: flight, curve: 1.2 });
      else engine.easeTo({ ...view, duration: flight });
    },
    take(latest) {
      for (const activity of latest) {
        pulses.show(activity);
        refresher.touch(activity);
      }
      fresh.take(latest);
    },
    upTo: (unseen) => refresher.upTo(unseen),
    refresh: (resync, snapshot) => refresher.all(resync, snapshot),
  };
}
