// The map page as far as its list, its card and its address go, with a hub that a test makes up.

import { readAddress } from "../src/address.ts";
import { bindCard } from "../src/card.ts";
import type { EventDetail, EventRow } from "../src/documents.ts";
import { bindKeys } from "../src/keys.ts";
import { bindList, fillForm, filterOf } from "../src/list.ts";
import type { FoundPlace } from "../src/placenames.ts";
import { bindPlaces } from "../src/places.ts";
import { bindAddress } from "../src/steps.ts";
import { type App, find, newApp } from "../src/state.ts";
import { useWords } from "../src/words.ts";
import { state } from "./feed.test.ts";
import { words } from "./words.test.ts";

const markup = `
  <section class="panel-list">
    <p role="status" data-list-status></p>
    <a data-as-to="list" href="#"></a><a data-as-to="table" href="#">Table</a>
    <form data-filters><input id="find-q" type="search" name="q"><ul data-places id="places" hidden></ul>
      <select name="country"><option></option></select><select name="phase"><option></option><option>LIVE</option></select>
      <span data-more-count></span></form>
    <ul data-chips></ul><a data-clear href="#"></a>
    <p data-near-note><span data-near-text></span><button data-near-end></button></p><p data-list-empty></p>
    <ol data-rows></ol>
    <div data-table><table><thead><tr><th data-th="start"><a data-sort="start" href="#">Begins</a></th></tr></thead>
      <tbody data-table-rows></tbody></table></div>
    <a data-more href="#">More</a>
  </section>
  <dialog id="card"><h2 tabindex="-1" autofocus data-card="title"></h2>
    ${["kind", "host", "first", "summary", "reason", "cheers", "checkIns", "said"].map(part).join("")}
    <div data-card-rescue><b data-card="rescue"></b><b data-card="until"></b></div><dl class="facts">
    ${["there", "here", "where", "precision", "now", "language"].map((name) => `<div>${part(name)}</div>`).join("")}
    <div><ul data-card-access></ul></div></dl>
    ${["link", "calendar", "online"].map((name) => `<a data-card="${name}"></a>`).join("")}
    <button data-cheer></button><button data-share></button></dialog>`;

function part(name: string): string {
  return `<p data-card="${name}"></p>`;
}

export function row(id: string, day = "CONFIRMED"): EventRow {
  const place = { latitude: 1, longitude: 2, locality: "Accra", country: "GH", countryName: "Ghana" };
  const at = "2026-03-07T12:00:00Z";
  return {
    id, path: `/events/${id}`, title: `The ${id}`, language: "fr", way: "DIGITAL", day, dayBy: "HOST", allDay: false,
    startsAt: at, endsAt: at, startsAtLocal: at, endsAtLocal: at, listedAt: at, host: { displayName: "H" }, place,
  };
}

export function detail(id: string, day = "CONFIRMED"): EventDetail {
  return {
    ...row(id, day), summary: "Oiseaux", zone: "Africa/Accra", onlineUrl: null, dayReason: null, postponedTo: null,
    access: [], liveAt: null, doneAt: null, checkIns: 0, cheers: 0,
  };
}

// Hub is what the page is told.
export interface Hub {
  rows: EventRow[];
  days: Record<string, string>; // of the events, by id
  detail: Partial<EventDetail>; // what its events have otherwise than others
  held?: Promise<void>; // what its answers wait for
  places: FoundPlace[];
  asked: { query: string; variables: Record<string, unknown> }[];
}

// onDay runs a test on a map page with an address, and leaves no trace of it.
export async function onDay(search: string, run: (app: App, hub: Hub) => Promise<void>): Promise<void> {
  useWords(words);
  const page = document.createElement("div");
  page.innerHTML = markup;
  document.body.append(page);
  history.pushState({}, "", search || location.pathname);
  const open = new URLSearchParams(search).get("event");
  if (open) page.dataset.open = open;
  const hub: Hub = { rows: ["a", "b", "c"].map((id) => row(id)), days: {}, detail: {}, places: [], asked: [] };
  const real = globalThis.fetch;
  globalThis.fetch = async (_, init) => {
    const answered = answer(hub, String(init?.body));
    await hub.held;
    return answered;
  };
  const address = readAddress();
  const form = find<HTMLFormElement>(page, "[data-filters]");
  fillForm(form, address.filter);
  const app = newApp(page, Date.now, {
    ...state(), filter: filterOf(form), near: address.near, as: address.as, panel: address.panel, sort: address.sort,
  });
  const unbinds = [bindList, bindCard, bindPlaces, bindKeys, bindAddress].map((bind) => bind(app));
  app.change(() => {});
  try {
    await run(app, hub);
  } finally {
    for (const unbind of unbinds) unbind();
    globalThis.fetch = real;
    page.remove();
    history.pushState({}, "", location.pathname);
  }
}

function answer(hub: Hub, body: string): Response {
  const asked = JSON.parse(body) as Hub["asked"][number];
  hub.asked.push(asked);
  const { id, first = 40, after } = asked.variables as { id?: string; first?: number; after?: string };
  if (id) return json({ event: { ...detail(id, hub.days[id]), ...hub.detail } });
  if (asked.query.includes("places(")) return json({ places: hub.places });
  const from = Number(after ?? 0);
  const nodes = hub.rows.slice(from, from + first);
  const pageInfo = { hasNextPage: from + first < hub.rows.length, endCursor: String(from + first) };
  return json({ events: { nodes, totalCount: hub.rows.length, pageInfo } });
}

function json(data: object): Response {
  return new Response(JSON.stringify({ data }), { headers: { "Content-Type": "application/json" } });
}
