// The globe of the big screen: the map's own style, without anything to press, that travels. It lies
// behind the whole page; the camera looks at the middle of what no panel takes.

import { Map as Engine, Marker, setWorkerUrl } from "maplibre-gl";
import { sunAt } from "./daylight.ts";
import type { Activity } from "./documents.ts";
import { Fresh, Refresher } from "./fresh.ts";
import { isDark, onThemeChange, wantsStillness } from "./look.ts";
import { styleOf } from "./mapstyle.ts";
import { addMarks } from "./marks.ts";
import { palette } from "./palette.ts";
import { Pulses } from "./pulses.ts";
import { Frame } from "./screenframe.ts";
import { bindShadows } from "./shadows.ts";
import type { App } from "./state.ts";

export interface ScreenGlobe {
  go(to: [number, number] | null): void; // null turns the globe on
  take(latest: Activity[]): void;
  upTo(unseen: number): void;
  refresh(resync: number, snapshot: string): void;
}

const flight = 5_000; // milliseconds
const turnBy = 24; // degrees that an idle globe turns on
const idleLatitude = 18;

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
  const frame = new Frame(page, flat);
  const engine = new Engine({
    container: "map",
    style: styleOf(colors, at, flat),
    pixelRatio: frame.pixelRatio,
    interactive: false,
    attributionControl: false,
    refreshExpiredTiles: false,
    transformRequest: refresher.address,
    fadeDuration: wantsStillness() ? 0 : 200,
    canvasContextAttributes: { antialias: !flat },
    locale: { "Map.Title": page.dataset.label ?? "" },
  });
  refresher.bind(engine);
  let shown: [number, number] | null = null;
  let longitude = sunAt(app.now()).longitude; // of an idle globe
  const view = () => (shown ? frame.near(shown) : frame.far([longitude, idleLatitude]));
  engine.jumpTo(view());
  engine.once("style.load", () => engine.jumpTo(view())); // it was a flat map until then
  frame.bind(engine);
  const pulses = new Pulses(engine);
  const fresh = new Fresh(engine);
  const shadows = bindShadows(app, engine, () => colors);
  const ring = new Marker({ element: newRing() }); // one, that goes along
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
  // A window that became larger or smaller sees the same place.
  addEventListener("resize", () => {
    frame.measure();
    engine.setPixelRatio(frame.pixelRatio);
    engine.resize();
    engine.jumpTo(view());
  });

  return {
    go(to) {
      shown = to;
      if (to) ring.setLngLat(to).addTo(engine);
      else ring.remove();
      if (!to) longitude = engine.getCenter().lng + turnBy;
      if (!drawn || wantsStillness()) engine.jumpTo(view());
      else if (to) engine.flyTo({ ...view(), duration: flight, curve: 1.2 });
      else engine.easeTo({ ...view(), duration: flight });
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

// newRing marks the event that the tour is at.
function newRing(): HTMLElement {
  const ring = document.createElement("div");
  ring.className = "screen-ring";
  ring.append(document.createElement("i"));
  return ring;
}
