// Where on the big screen the globe is: behind the whole page, with its middle in the middle of the part
// that no panel takes. The sheets of style say which part that is; here it becomes the camera's padding.

import type { Map as Engine } from "maplibre-gl";
import { discRadius, zoomOfDisc } from "./disc.ts";
import { find } from "./state.ts";

// The globe's radius, as a share of the smaller side of the free part: whole from afar, and near
// enough to an event to tell towns apart, with a horizon still.
const farShare = 0.43;
const nearShare = 0.63;

// Zooms of a flat map, which has no disc.
const farZoom = 1;
const nearZoom = 3.1;

// drawnFor is how large a window the map is drawn for, in pixels of the smaller side. On a larger one it
// is enlarged as a whole, with its names and marks, because people stand the farther from a screen the
// larger it is.
const drawnFor = 800;

type Place = [longitude: number, latitude: number];

export interface View {
  center: Place;
  zoom: number;
  padding: { top: number; bottom: number; left: number; right: number };
}

export class Frame {
  readonly #world: HTMLElement;
  readonly #free: HTMLElement;
  readonly #flat: boolean;
  #scale = 1;

  constructor(page: HTMLElement, flat: boolean) {
    this.#world = find<HTMLElement>(page, "[data-world]");
    this.#free = find<HTMLElement>(page, "[data-free]");
    this.#flat = flat;
    this.#world.classList.toggle("is-flat", flat);
    this.measure();
  }

  // measure must be called when the window has another size.
  measure(): void {
    const { clientWidth, clientHeight } = this.#world;
    this.#scale = scaleFor(clientWidth, clientHeight);
    this.#world.style.setProperty("--scale", String(this.#scale));
  }

  get pixelRatio(): number {
    return devicePixelRatio * this.#scale;
  }

  near(place: Place): View {
    return this.#view(place, nearShare, nearZoom);
  }

  far(place: Place): View {
    return this.#view(place, farShare, farZoom);
  }

  #view(center: Place, share: number, flatZoom: number): View {
    const box = this.#world.getBoundingClientRect();
    const free = this.#free.getBoundingClientRect();
    const drawn = (pixels: number) => Math.max(0, pixels) / this.#scale;
    const padding = {
      top: drawn(free.top - box.top),
      bottom: drawn(box.bottom - free.bottom),
      left: drawn(free.left - box.left),
      right: drawn(box.right - free.right),
    };
    const radius = drawn(Math.min(free.width, free.height) * share);
    const zoom = this.#flat ? flatZoom : zoomOfDisc(radius, center[1], drawn(box.height));
    return { center, zoom, padding };
  }

  // bind keeps the glow behind the globe where the globe is, and as large.
  bind(engine: Engine): void {
    const fit = () => {
      const { clientWidth: width, clientHeight: height } = engine.getContainer();
      const { top = 0, bottom = 0, left = 0, right = 0 } = engine.getPadding();
      this.#say("--disc", discRadius(engine.getZoom(), engine.getCenter().lat, height));
      this.#say("--disc-x", (width + left - right) / 2);
      this.#say("--disc-y", (height + top - bottom) / 2);
    };
    engine.on("move", fit);
    engine.on("resize", fit);
    fit();
  }

  #say(name: string, drawn: number): void {
    this.#world.style.setProperty(name, `${Math.round(drawn * this.#scale)}px`);
  }
}

// scaleFor is how much a map is enlarged in a window.
export function scaleFor(width: number, height: number): number {
  return Math.max(1, Math.min(width, height) / drawnFor);
}
