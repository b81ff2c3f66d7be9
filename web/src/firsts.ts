// The first event of a country is a moment of its own. The page knows the countries that had events
// when it was made; an event that is listed in another one is its first, provided that the number of
// countries says the same: more may have happened than the stream told one by one.

import { type App, type State, find } from "./state.ts";

// maxFirsts bounds what is remembered; there are fewer countries.
const maxFirsts = 300;

export function bindFirsts(app: App): () => void {
  const choices = find<HTMLSelectElement>(app.page, '[data-filters] select[name="country"]');
  const known = new Set([...choices.options].map((o) => o.value).filter(Boolean));
  const complete = known.size > 0 || app.page.querySelector("[data-count]") !== null;
  // It runs before the map takes the latest activities out of the state.
  const look = (state: State) => {
    for (const { kind, eventId, card } of state.latest) {
      const country = card?.place.country;
      if (kind !== "EVENT_LISTED" || !eventId || !country || known.has(country)) continue;
      known.add(country);
      if (!complete || (state.counts && state.counts.countries !== known.size)) continue;
      state.firsts = [...state.firsts, eventId].slice(-maxFirsts);
    }
  };
  return app.onRender(look);
}
