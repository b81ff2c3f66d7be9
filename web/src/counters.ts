// The numbers above the map, and where they come from.

import type { Counts } from "./documents.ts";
import { wantsStillness } from "./look.ts";
import type { App, State } from "./state.ts";
import { number, numerals } from "./words.ts";

export function bindCounters(app: App): () => void {
  const places = app.page.querySelectorAll<HTMLElement>("[data-count]");
  const asOf = app.page.querySelector<HTMLTimeElement>("[data-as-of]");
  const words = new Intl.DateTimeFormat(numerals(), { dateStyle: "medium", timeStyle: "medium" });
  let drawn: Counts | null = null;

  return app.onRender((state: State) => {
    const counts = state.replay ? state.replay.counts : state.counts;
    if (!counts || counts === drawn) return;
    drawn = counts;
    const values = valuesOf(counts);
    for (const place of places) {
      const text = number(values[place.dataset.count ?? ""] ?? 0);
      if (place.textContent === text) continue;
      place.textContent = text;
      if (place.matches(".counters dd")) blink(place);
    }
    if (asOf && counts.asOf) {
      asOf.dateTime = counts.asOf;
      asOf.textContent = words.format(new Date(counts.asOf));
    }
  });
}

function valuesOf(counts: Counts): Record<string, number> {
  const { world } = counts;
  return {
    events: world.events,
    countries: counts.countries,
    live: world.live,
    people: world.checkIns.value + world.cheers.value,
    checkIns: world.checkIns.value,
    checkInEvents: world.checkIns.reported,
    cheers: world.cheers.value,
    cheerEvents: world.cheers.reported,
    declared: world.declared.value,
    declaredEvents: world.declared.reported,
    asOfSeq: counts.asOfSeq,
  };
}

function blink(place: HTMLElement): void {
  if (wantsStillness()) return;
  place.animate([{ opacity: 0.7 }, { opacity: 1 }], { duration: 300, easing: "ease-out" });
}
