// The map itself: MapLibre over the hub's own tiles and basemap. It draws the state and turns what
// is clicked into changes of it.

import {
  Map as Engine,
  type MapGeoJSONFeature,
  type MapMouseEvent,
  setWorkerUrl,
} from "maplibre-gl";
import { openCard } from "./card.ts";
import { sunAt } from "./daylight.ts";
import { discRadius, tileSize } from "./disc.ts";
import { addFiner } from "./finer.ts";
import { isDark, onThemeChange, wantsStillness } from "./look.ts";
import { showNear } from "./list.ts";
import { layersOfEvents, styleOf } from "./mapstyle.ts";
import { addMarks } from "./marks.ts";
import { palette } from "./palette.ts";
import { bindPointed } from "./pointed.ts";
import { bindProjection, wantsFlat } from "./projection.ts";
import { Pulses } from "./pulses.ts";
import { bindReplayMap } from "./replaymap.ts";
import { bindShadows } from "./shadows.ts";
import { showFiltered } from "./sift.ts";
import { type App, type State, find } from "./state.ts";
import { Fresh, Refresher } from "./fresh.ts";
import { bindView, startAt } from "./view.ts";

// touchSize is how far, in pixels, from a mark a finger may land.
const touchSize = 9;

// samePlaceKm is how far around a cluster that never falls apart its events are listed.
const samePlaceKm = 1;

// bindGlobe shows the map; drawn is called when it first has been, and the line is free.
export function bindGlobe(app: App, drawn: () => void): () => void {
  const { page } = app;
  const container = find<HTMLElement>(page, "#map");
  const worker = new URL(page.dataset.worker ?? "", location.href).href;
  setWorkerUrl(worker);
  let flat = wantsFlat();
  let colors = palette(isDark());
  const refresher = new Refresher(page.dataset.slug ?? "");
  const engine = new Engine({
    container,
    style: styleOf(colors, addressesOf(page), flat),
    ...(startAt(app.state.view) ?? firstView(app, container, flat)),
    attributionControl: false, // the page credits its sources itself
    refreshExpiredTiles: false, // tiles live a second; the stream tells which are stale
    transformRequest: refresher.address,
    dragRotate: false,
    pitchWithRotate: false,
    maxPitch: 0,
    fadeDuration: wantsStillness() ? 0 : 200,
    canvasContextAttributes: { antialias: !flat },
    locale: { "Map.Title": container.dataset.label ?? "" },
  });
  engine.touchZoomRotate.disableRotation();
  const pulses = new Pulses(engine);
  const fresh = new Fresh(engine);
  const shadows = bindShadows(app, engine, () => colors);
  const unbinds: (() => void)[] = [
    bindPointer(app, engine),
    bindTools(app, engine, () => flat),
    bindHalo(engine, page),
    bindPointed(app, engine, shadows.wave),
    bindProjection(app, engine, (isFlat) => {
      flat = isFlat;
      engine.jumpTo(firstView(app, container, flat));
    }),
    refresher.bind(engine),
    bindView(app, engine),
    shadows.remove,
  ];

  const replayed = bindReplayMap(app, engine, shadows.draw, () => showFiltered(engine, app.state, true));
  unbinds.push(replayed.remove);

  const ready = () => {
    addMarks(engine, colors);
    shadows.restyle();
    fresh.draw();
    showFiltered(engine, app.state, true);
    replayed.restyle();
    page.dataset.map = "ready";
  };
  engine.on("style.load", ready);
  const finer = { land: page.dataset.detail ?? "", towns: page.dataset.towns ?? "" };
  unbinds.push(addFiner(engine, { ...finer, colors: () => colors, added: shadows.draw }));
  engine.once("load", () => {
    page.dataset.drawn = "yes"; // the hub's picture may go
    drawn();
  });
  unbinds.push(
    onThemeChange(() => {
      colors = palette(isDark());
      engine.setStyle(styleOf(colors, addressesOf(page), flat), { diff: false });
    }),
  );

  const render = (state: State) => {
    const latest = state.latest;
    state.latest = [];
    refresher.all(state.resync, state.snapshot);
    for (const activity of latest) {
      if (!state.replay) pulses.show(activity);
      refresher.touch(activity);
    }
    fresh.take(latest);
    refresher.upTo(state.unseen);
    if (page.dataset.map !== "ready") return;
    replayed.render(state);
    // Between two themes there is no style; the new one is filtered when it has come.
    if (!state.replay && engine.getLayer("clusters")) showFiltered(engine, state, false);
  };
  unbinds.push(app.onRender(render));
  return () => {
    for (const unbind of unbinds) unbind();
    pulses.remove();
    engine.remove();
  };
}

function addressesOf(page: HTMLElement) {
  const whole = (path: string | undefined) => new URL(path ?? "", location.href).href;
  return {
    world: whole(page.dataset.world),
    cities: whole(page.dataset.cities),
    tiles: `${location.origin}/tiles/${encodeURIComponent(page.dataset.slug ?? "")}/{z}/{x}/{y}.mvt`,
  };
}

// meridians are the middles of the parts of the world where most people live. The first view shows
// the one that is nearest to the afternoon, rather than an empty ocean: most is on then, and at the
// edge of the globe the lights of the night go on.
const afternoon = 50; // degrees east of noon
const meridians = [-95, -60, 15, 45, 80, 112, 138];

function firstView(app: App, container: HTMLElement, flat: boolean) {
  if (flat) {
    const zoom = Math.max(0, Math.log2(container.clientWidth / tileSize));
    return { center: [10, 22] as [number, number], zoom };
  }
  const best = sunAt(app.now()).longitude + afternoon;
  const apart = (longitude: number) => Math.abs(((longitude - best + 900) % 360) - 180);
  const [nearest = 15] = [...meridians].sort((a, b) => apart(a) - apart(b));
  return { center: [nearest, 18] as [number, number], zoom: wholeZoom(container) };
}

// discShare is how much of the smaller side of its box the globe fills.
const discShare = 0.9;

// wholeZoom is the zoom at which the whole globe fits.
function wholeZoom(container: HTMLElement): number {
  const { clientWidth, clientHeight } = container;
  const wanted = (Math.min(clientWidth, clientHeight) * discShare) / 2;
  let zoom = -1;
  while (zoom < 4 && discRadius(zoom, 18, clientHeight) < wanted) zoom += 0.05;
  return zoom;
}

// bindHalo keeps the glow behind the globe as large as the globe.
function bindHalo(engine: Engine, page: HTMLElement): () => void {
  const world = find<HTMLElement>(page, ".world");
  const fit = () => {
    const height = engine.getContainer().clientHeight;
    const radius = discRadius(engine.getZoom(), engine.getCenter().lat, height);
    world.style.setProperty("--disc", `${Math.round(Math.min(radius, 4000))}px`);
  };
  engine.on("move", fit);
  engine.on("resize", fit);
  fit();
  return () => {
    engine.off("move", fit);
    engine.off("resize", fit);
  };
}

function bindPointer(app: App, engine: Engine): () => void {
  const under = ({ point }: MapMouseEvent): MapGeoJSONFeature | undefined => {
    const layers = layersOfEvents.filter((id) => engine.getLayer(id));
    const around = touchSize;
    const box: [[number, number], [number, number]] = [
      [point.x - around, point.y - around],
      [point.x + around, point.y + around],
    ];
    const hits = engine.queryRenderedFeatures(box, { layers });
    // A finger that covers several marks means the one in the middle of it.
    const distance = (hit: MapGeoJSONFeature) => {
      const at = positionOf(hit);
      return at ? engine.project(at).dist(point) : Infinity;
    };
    return hits.sort((a, b) => distance(a) - distance(b))[0];
  };
  const click = (event: MapMouseEvent) => {
    const hit = under(event);
    if (hit) follow(app, engine, hit);
  };
  const move = (event: MapMouseEvent) => {
    engine.getCanvas().style.cursor = under(event) ? "pointer" : "";
  };
  engine.on("click", click);
  if (matchMedia("(hover: hover)").matches) engine.on("mousemove", move);
  return () => {
    engine.off("click", click);
    engine.off("mousemove", move);
  };
}

// follow opens an event, flies to where a cluster falls apart, or lists one that never does.
function follow(app: App, engine: Engine, hit: MapGeoJSONFeature): void {
  const at = positionOf(hit);
  const { id, count, zoom } = hit.properties as { id?: string; count?: number; zoom?: number };
  if (id) openCard(app, id);
  else if (at && zoom !== undefined) engine.flyTo({ center: at, zoom: zoom + 0.3, speed: 1.6 });
  else if (at && count) {
    showNear(app, { latitude: at[1], longitude: at[0], withinKm: samePlaceKm });
  }
}

function positionOf(feature: MapGeoJSONFeature): [number, number] | null {
  if (feature.geometry.type !== "Point") return null;
  const [longitude = 0, latitude = 0] = feature.geometry.coordinates;
  return [longitude, latitude];
}

function bindTools(app: App, engine: Engine, flat: () => boolean): () => void {
  const buttons = app.page.querySelectorAll<HTMLButtonElement>("[data-zoom]");
  const press = (event: Event) => {
    const by = Number((event.currentTarget as HTMLElement).dataset.zoom);
    if (by > 0) engine.zoomIn();
    else if (by < 0) engine.zoomOut();
    else engine.flyTo(firstView(app, engine.getContainer(), flat()));
  };
  for (const button of buttons) button.addEventListener("click", press);
  return () => {
    for (const button of buttons) button.removeEventListener("click", press);
  };
}
