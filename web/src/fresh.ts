// What has just become public is on the map at once, before its tile is; and tiles in which
// something happened are asked for again, sparingly.

import type * as GeoJSON from "geojson";
import type { GeoJSONSource, Map as Engine, RequestParameters } from "maplibre-gl";
import { type Activity, phaseOf, pointOf } from "./documents.ts";
import { epochOf, seqOf } from "./frames.ts";
import { southing } from "./mercator.ts";

// freshFor is how long, in milliseconds, a new event is drawn beside its tile: longer than the hub
// and a cache before it take to serve the new tile.
const freshFor = 6_000;
const maxFresh = 100;

// Fresh draws newly listed events as points of their own.
export class Fresh {
  readonly #engine: Engine;
  #points: { until: number; feature: GeoJSON.Feature }[] = [];

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  // take draws once, however much has come: a page that wakes up has hundreds of news.
  take(latest: Activity[]): void {
    const news = latest.filter(({ kind }) => kind !== "CHECKED_IN" && kind !== "CHEERED");
    if (news.length === 0) return;
    for (const activity of news) this.#put(activity);
    this.#points = this.#points.slice(-maxFresh);
    setTimeout(() => this.draw(), freshFor + 100);
    this.draw();
  }

  #put({ eventId: id, card }: Activity): void {
    this.#points = this.#points.filter((p) => p.feature.properties?.id !== id);
    const at = card && pointOf(card.place);
    if (!at) return;
    this.#points.push({
      until: performance.now() + freshFor,
      feature: {
        type: "Feature",
        properties: { id, way: card.way, phase: phaseOf(card.day) },
        geometry: { type: "Point", coordinates: at },
      },
    });
  }

  draw(): void {
    const now = performance.now();
    this.#points = this.#points.filter((p) => p.until > now);
    const features = this.#points.map((p) => p.feature);
    this.#engine.getSource<GeoJSONSource>("fresh")?.setData({ type: "FeatureCollection", features });
  }
}

// How long more news may come before tiles are asked for, and how often they are at most. A hub that has
// not heard of it yet waits for what the address tells of.
const settle = 200;
const every = 1_000;

// maxSpots is how many places are refreshed one by one; beyond it the whole view is.
const maxSpots = 24;

// Refresher asks again for the tiles in which something changed. The old ones stay drawn until the
// new ones are there.
export class Refresher {
  readonly #prefix: string;
  #engine: Engine | undefined;
  #version = 0; // log position that tiles must include; part of the address, past any cache
  #epoch = ""; // of the log, if it was ever read anew: the same number may have been asked for before
  #spots: [number, number][] = [];
  #everything = false;
  #stale = false; // tiles out of view may be older than those in view
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = 0;
  #resync = 0;
  #unseen = 0;

  constructor(slug: string) {
    this.#prefix = `/tiles/${encodeURIComponent(slug)}/`;
  }

  // address makes the engine ask for tiles as new as the news.
  readonly address = (url: string): RequestParameters => {
    if (!this.#version || !url.includes(this.#prefix)) return { url };
    return { url: `${url}?seq=${this.#version}${this.#epoch && `&epoch=${this.#epoch}`}` };
  };

  bind(engine: Engine): () => void {
    this.#engine = engine;
    const moved = () => {
      if (!this.#stale) return;
      this.#everything = true;
      this.#stale = false;
      this.#plan();
    };
    engine.on("moveend", moved);
    return () => {
      engine.off("moveend", moved);
      clearTimeout(this.#timer);
    };
  }

  touch(activity: Activity): void {
    if (activity.kind === "CHECKED_IN" || activity.kind === "CHEERED") return;
    this.#version = Math.max(this.#version, activity.seq);
    this.#stale = true;
    const at = activity.card && pointOf(activity.card.place);
    // A removed event's place is not told, and a revised or moved one may have been elsewhere.
    const stays =
      activity.kind === "EVENT_LISTED" ||
      (activity.kind === "DAY_CHANGED" && activity.card?.day !== "MOVED");
    if (at && stays && this.#spots.length < maxSpots) this.#spots.push(at);
    else this.#everything = true;
    this.#plan();
  }

  // all asks for everything once for each rise of resync, as far as the last snapshot goes. It comes
  // before what has happened since: in a log that has begun anew numbers are small again, and a hub would
  // wait for one that is yet to come.
  all(resync: number, snapshot: string): void {
    if (resync === this.#resync) return;
    this.#resync = resync;
    if (snapshot) {
      const isSame = epochOf(snapshot) === this.#epoch;
      this.#epoch = epochOf(snapshot);
      this.#version = isSame ? Math.max(this.#version, seqOf(snapshot)) : seqOf(snapshot);
      this.#unseen = Math.min(this.#unseen, this.#version);
    }
    this.#everything = true;
    this.#plan();
  }

  // upTo asks for everything once when more has happened than was told one by one.
  upTo(unseen: number): void {
    if (unseen <= this.#unseen) return;
    this.#unseen = unseen;
    this.#version = Math.max(this.#version, unseen);
    this.#everything = true;
    this.#plan();
  }

  #plan(): void {
    const wait = Math.max(settle, this.#last + every - performance.now());
    this.#timer ??= setTimeout(() => this.#refresh(), wait);
  }

  #refresh(): void {
    this.#timer = undefined;
    this.#last = performance.now();
    const engine = this.#engine;
    if (!engine?.getSource("events")) return;
    if (this.#everything) engine.refreshTiles("events");
    else engine.refreshTiles("events", tilesOver(this.#spots, engine.getZoom()));
    this.#spots = [];
    this.#everything = false;
  }
}

// tilesOver is every tile that may be drawn at this zoom and holds one of the places.
function tilesOver(spots: [number, number][], zoom: number) {
  const tiles = new Map<string, { x: number; y: number; z: number }>();
  const deepest = Math.min(16, Math.ceil(zoom) + 1);
  for (let z = Math.max(0, deepest - 5); z <= deepest; z++) {
    for (const [longitude, latitude] of spots) {
      const inside = (place: number) => Math.max(0, Math.min(2 ** z - 1, Math.floor(place * 2 ** z)));
      const x = inside(longitude / 360 + 0.5);
      const y = inside(southing(latitude));
      tiles.set(`${z}/${x}/${y}`, { x, y, z });
    }
  }
  return [...tiles.values()];
}
