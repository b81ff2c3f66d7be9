// The map of the box: the whole day's tiles for an area, a country or the world; for a theme, a host
// or an event its own events alone.

import type * as GeoJSON from "geojson";
import { type GeoJSONSource, Map as Engine, setWorkerUrl } from "maplibre-gl";
import { type EventPage, type EventRow, EventsQuery, phaseOf, pointOf } from "./documents.ts";
import { ask } from "./graphql.ts";
import { isDark, wantsStillness } from "./look.ts";
import { layersOfEvents, styleOf } from "./mapstyle.ts";
import { addMarks } from "./marks.ts";
import { palette } from "./palette.ts";
import { pageLanguage } from "./words.ts";

// maxFound is how many events of a theme or host the map shows.
const maxFound = 100;

// EmbedMap is the map when it is there.
export interface EmbedMap {
  refresh(): Promise<void>; // shows what is true now
  remove(): void;
}

export async function showEmbedMap(box: HTMLElement, container: HTMLElement): Promise<EmbedMap> {
  const { kind = "", condition = "", bounds = "", slug = "", edition = "" } = box.dataset;
  const whole = (path: string | undefined) => new URL(path ?? "", location.href).href;
  setWorkerUrl(whole(box.dataset.worker));
  const colors = palette(isDark());
  const [west, south, east, north] = bounds ? bounds.split(",").map(Number) : [];
  const at = {
    world: whole(box.dataset.world),
    cities: whole(box.dataset.cities),
    tiles: `${location.origin}/tiles/${encodeURIComponent(slug)}/{z}/{x}/{y}.mvt`,
  };
  const engine = new Engine({
    container,
    style: styleOf(colors, at, true),
    ...(north === undefined
      ? { center: [10, 22] as [number, number], zoom: 0 }
      : {
          bounds: [west ?? 0, south ?? 0, (east ?? 0) + ((east ?? 0) < (west ?? 0) ? 360 : 0), north],
          fitBoundsOptions: { padding: 40, maxZoom: 9 },
        }),
    attributionControl: false,
    refreshExpiredTiles: false,
    cooperativeGestures: true, // the page around scrolls as before
    dragRotate: false,
    pitchWithRotate: false,
    maxPitch: 0,
    fadeDuration: wantsStillness() ? 0 : 200,
    locale: { "Map.Title": document.title },
  });
  engine.touchZoomRotate.disableRotation();
  await new Promise((done) => engine.once("style.load", done));
  addMarks(engine, colors);
  const showsSome = kind === "theme" || kind === "host" || kind === "event";
  const find = async () => {
    const rows = await eventsOf(edition, kind, condition);
    engine.getSource<GeoJSONSource>("found")?.setData(collectionOf(rows));
  };
  if (showsSome) {
    for (const layer of ["glow", "live", "counts", ...layersOfEvents.filter((id) => id !== "found")]) {
      engine.setLayoutProperty(layer, "visibility", "none");
    }
    await find();
  }
  bindZoom(box, engine);
  box.dataset.map = "ready";
  return {
    refresh: async () => (showsSome ? find() : engine.refreshTiles("events")),
    remove: () => engine.remove(),
  };
}

// bindZoom shows the buttons: fingers and wheel move the page around, unless one knows better.
function bindZoom(box: HTMLElement, engine: Engine): void {
  const tools = box.querySelector<HTMLElement>("[data-zooms]");
  if (!tools) return;
  tools.hidden = false;
  for (const button of tools.querySelectorAll<HTMLElement>("[data-zoom]")) {
    const by = Number(button.dataset.zoom);
    button.addEventListener("click", () => engine.zoomTo(engine.getZoom() + by, { animate: !wantsStillness() }));
  }
}

async function eventsOf(edition: string, kind: string, condition: string): Promise<EventRow[]> {
  const language = pageLanguage();
  if (kind === "event") {
    const one = await ask<{ event: EventRow | null }>(
      `query EmbedEvent($id: ID!, $language: String) { event(id: $id) { id path title way day
        host { displayName } place { latitude longitude locality country countryName(language: $language) } } }`,
      { id: condition, language },
    );
    return one.event ? [one.event] : [];
  }
  const filter = kind === "theme" ? { themes: [condition] } : { hostId: condition };
  const variables = { edition, filter, orderBy: "STARTS_AT", first: maxFound, after: null, language };
  return (await ask<{ events: EventPage }>(EventsQuery, variables)).events.nodes;
}

function collectionOf(rows: EventRow[]): GeoJSON.FeatureCollection {
  const features = rows.flatMap((row): GeoJSON.Feature[] => {
    const at = pointOf(row.place);
    const properties = { id: row.id, way: row.way, phase: phaseOf(row.day) };
    return at ? [{ type: "Feature", properties, geometry: { type: "Point", coordinates: at } }] : [];
  });
  return { type: "FeatureCollection", features };
}
