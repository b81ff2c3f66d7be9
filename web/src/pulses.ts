// A ring that opens where something has just happened. The elements are pooled, and CSS moves them
// by transform and opacity alone: a map that is drawn anew for each ring costs six times as much.

import { type Map as Engine, Marker } from "maplibre-gl";
import { type Activity, pointOf } from "./documents.ts";

// maxPulses is how many rings are open at once; what comes beyond shows in the feed alone.
const maxPulses = 40;

export class Pulses {
  readonly #engine: Engine;
  readonly #idle: Marker[] = [];
  #made = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  show(activity: Activity): void {
    const card = activity.card;
    const at = card && pointOf(card.place);
    if (!at) return;
    const marker = this.#idle.pop() ?? this.#make();
    if (!marker) return;
    const element = marker.getElement();
    element.dataset.way = card.way;
    element.dataset.kind = activity.kind;
    marker.setLngLat(at).addTo(this.#engine);
  }

  remove(): void {
    for (const marker of this.#idle) marker.remove();
  }

  #make(): Marker | null {
    if (this.#made >= maxPulses) return null;
    this.#made++;
    const element = document.createElement("div");
    element.className = "pulse";
    element.setAttribute("aria-hidden", "true");
    const ring = document.createElement("i");
    element.append(ring);
    const marker = new Marker({ element, opacityWhenCovered: "0" }); // behind the globe
    // Taking the element off the page ends its animation; putting it back begins a new one.
    ring.addEventListener("animationend", () => {
      marker.remove();
      this.#idle.push(marker);
    });
    return marker;
  }
}
