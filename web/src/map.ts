// The map page. The hub has written all of it already and the browser has painted it; this makes it
// live. The map engine is large and comes last.

import "./page.ts";
import { readAddress } from "./address.ts";
import { bindCard } from "./card.ts";
import { ageOf, clockFrom } from "./clock.ts";
import { bindCounters } from "./counters.ts";
import { bindFeed } from "./feed.ts";
import { bindList, filterOf } from "./list.ts";
import { bindNamed } from "./named.ts";
import { bindNear } from "./near.ts";
import { bindPanels } from "./panels.ts";
import { bindFirsts } from "./firsts.ts";
import { bindKeys } from "./keys.ts";
import { mayBeOld, persist } from "./lazy.ts";
import { bindPlaces } from "./places.ts";
import { bindSpoken } from "./spoken.ts";
import { registerOffline } from "./offline/register.ts";
import { bindPoster } from "./poster.ts";
import { bindSlider } from "./slider.ts";
import { type App, type State, emptyState, find, newApp } from "./state.ts";
import { bindAddress } from "./steps.ts";
import { bindStream } from "./stream.ts";
import { bindTimeline, hoursOf } from "./timeline.ts";
import { type Scripted, useWords } from "./words.ts";

function initialState(page: HTMLElement): State {
  const filter = filterOf(find<HTMLFormElement>(page, "[data-filters]"));
  const address = readAddress();
  const panel = page.dataset.panel === "list" || location.hash === "#list" ? "list" : "now";
  return {
    ...emptyState(hoursOf(page)),
    panel,
    filter,
    near: address.near,
    as: page.dataset.as === "table" ? "table" : "list",
    sort: address.sort,
    view: address.view,
  };
}

function showMap(app: App): void {
  const note = find<HTMLElement>(app.page, "[data-no-map]");
  const none = (reason: unknown) => {
    registerOffline();
    note.hidden = false; // the list has all of it
    app.page.dataset.map = "none";
    console.warn("no map:", reason);
  };
  const late = (reason: unknown) => {
    none(reason);
    void mayBeOld();
  };
  const wave = async () => void (await import("./wave.ts")).bindWave(app);
  const globe = async () => {
    const { bindGlobe } = await import("./globe.ts");
    note.hidden = true;
    delete app.page.dataset.map;
    try {
      bindGlobe(app, registerOffline);
    } catch (reason) {
      none(reason); // no WebGL
    }
  };
  persist(app, wave, (reason) => console.warn("no wave:", reason));
  persist(app, globe, late);
}

// complete adds what only scripts use.
function complete(page: HTMLElement, { words, parts, files }: Scripted): void {
  useWords(words);
  Object.assign(page.dataset, files);
  for (const [name, html] of Object.entries(parts)) {
    const place = page.querySelector(`[data-part=${name}]`);
    if (place) place.outerHTML = html; // a page of another build may have no place for it
  }
}

export function start(page: HTMLElement, scripted: Scripted): void {
  complete(page, scripted);
  const clock = clockFrom(page.dataset.now ?? "", ageOf(document));
  const app = newApp(page, clock.now, initialState(page));
  for (const bind of [
    bindPanels,
    bindCounters,
    bindFirsts,
    bindFeed,
    bindList,
    bindCard,
    bindNamed,
    bindNear,
    bindPlaces,
    bindKeys,
    bindSpoken,
    bindAddress,
    bindTimeline,
    bindSlider,
    bindPoster,
  ]) {
    bind(app);
  }
  bindStream(app, clock.hear);
  app.change(() => {});
  showMap(app);
}
