// The list of events: the rows that the hub wrote into the page stand until a condition changes;
// then the same rows come by GraphQL, and the address keeps the conditions.

import { openCard } from "./card.ts";
import { type EventPage, type EventRow, EventsQuery, phaseOf, placeText } from "./documents.ts";
import { ask } from "./graphql.ts";
import { type App, type Filter, type List, type Near, type State, find } from "./state.ts";
import { number, pageLanguage, word } from "./words.ts";

const pageSize = 40;

// typingPause is how long to wait for the next letter before asking, in milliseconds.
const typingPause = 250;

// filterOf reads the form, which is where conditions are kept before scripts run.
export function filterOf(form: HTMLFormElement): Filter {
  const data = new FormData(form);
  const value = (name: string) => String(data.get(name) ?? "").trim();
  return {
    text: value("q"),
    country: value("country"),
    phase: value("phase"),
    way: value("way"),
  };
}

// showNear sorts the list by distance from a point.
export function showNear(app: App, near: Near | null): void {
  app.change((s) => {
    s.near = near;
    if (near) s.panel = "list";
  });
  void load(app, false);
}

export function bindList(app: App): () => void {
  const form = find<HTMLFormElement>(app.page, "[data-filters]");
  const rows = find<HTMLOListElement>(app.page, "[data-rows]");
  const more = find<HTMLAnchorElement>(app.page, "[data-more]");
  const clear = find<HTMLAnchorElement>(app.page, "[data-clear]");
  const nearEnd = find<HTMLButtonElement>(app.page, "[data-near-end]");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let synced = app.state.resync;

  const apply = () => {
    clearTimeout(timer);
    app.change((s) => (s.filter = filterOf(form)));
    rememberInAddress(app.state.filter);
    void load(app, false);
  };
  const submitted = (event: Event) => {
    event.preventDefault();
    apply();
  };
  const typed = (event: Event) => {
    clearTimeout(timer);
    const typing = event.target instanceof HTMLInputElement;
    timer = setTimeout(apply, typing ? typingPause : 0);
  };
  const cleared = (event: Event) => {
    event.preventDefault();
    for (const field of form.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select"))
      field.value = "";
    app.change((s) => (s.near = null));
    apply();
  };
  const next = (event: Event) => {
    event.preventDefault();
    void load(app, app.state.list.rows !== null);
  };
  const opened = (event: MouseEvent) => {
    const link = (event.target as Element).closest("a");
    const id = link?.closest<HTMLElement>("[data-id]")?.dataset.id;
    if (!id || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openCard(app, id);
  };
  const noNear = () => showNear(app, null);

  form.addEventListener("submit", submitted);
  form.addEventListener("input", typed);
  clear.addEventListener("click", cleared);
  more.addEventListener("click", next);
  rows.addEventListener("click", opened);
  nearEnd.addEventListener("click", noNear);
  const render = viewOf(app, rows, more);
  const off = app.onRender((state) => {
    render(state);
    if (state.resync === synced) return;
    synced = state.resync;
    void load(app, false);
  });
  return () => {
    off();
    clearTimeout(timer);
    form.removeEventListener("submit", submitted);
    form.removeEventListener("input", typed);
    clear.removeEventListener("click", cleared);
    more.removeEventListener("click", next);
    rows.removeEventListener("click", opened);
    nearEnd.removeEventListener("click", noNear);
  };
}

let asking: AbortController | undefined;

// load asks for the first page, or for the one after the rows that are there.
async function load(app: App, further: boolean): Promise<void> {
  asking?.abort();
  const mine = (asking = new AbortController());
  app.change((s) => (s.list = { ...s.list, phase: "loading" }));
  try {
    const variables = {
      edition: app.edition,
      filter: conditions(app.state),
      orderBy: app.state.near ? "DISTANCE" : "STARTS_AT",
      first: pageSize,
      after: further ? app.state.list.next : null,
      language: pageLanguage(),
    };
    const { events } = await ask<{ events: EventPage }>(EventsQuery, variables, mine.signal);
    app.change((s) => (s.list = listOf(events, further ? (s.list.rows ?? []) : [])));
  } catch {
    if (mine.signal.aborted) return;
    app.change((s) => (s.list = { ...s.list, phase: "failed" }));
  }
}

function listOf(page: EventPage, before: EventRow[]): List {
  return {
    rows: [...before, ...page.nodes],
    next: page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null,
    total: page.totalCount,
    phase: "idle",
  };
}

function conditions(state: State): object {
  const { text, country, phase, way } = state.filter;
  return {
    ...(text && { text }),
    ...(country && { countries: [country] }),
    ...(phase && { phases: [phase] }),
    ...(way && { ways: [way] }),
    ...(state.near && { near: state.near }),
  };
}

function rememberInAddress(filter: Filter): void {
  const search = new URLSearchParams(location.search); // what others keep there stays
  const { text, country, phase, way } = filter;
  for (const [name, value] of Object.entries({ q: text, country, phase, way, after: "" })) {
    if (value) search.set(name, value);
    else search.delete(name);
  }
  const query = search.toString();
  history.replaceState(null, "", query ? `?${query}` : location.pathname);
}

function viewOf(app: App, rows: HTMLOListElement, more: HTMLAnchorElement) {
  const empty = find<HTMLElement>(app.page, "[data-list-empty]");
  const status = find<HTMLElement>(app.page, "[data-list-status]");
  const note = find<HTMLElement>(app.page, "[data-near-note]");
  const clear = find<HTMLElement>(app.page, "[data-clear]");
  let drawn: List | undefined;
  let gone: string[] | undefined;
  return (state: State) => {
    if (state.gone !== gone) {
      gone = state.gone;
      for (const row of rows.querySelectorAll<HTMLElement>("[data-id]")) {
        if (gone.includes(row.dataset.id ?? "")) row.remove();
      }
    }
    note.hidden = !state.near;
    clear.hidden = !Object.values(state.filter).some(Boolean);
    if (state.list === drawn) return;
    const list = state.list;
    rows.setAttribute("aria-busy", String(list.phase === "loading"));
    status.textContent = statusOf(list);
    if (list.rows && list.rows !== drawn?.rows) {
      rows.replaceChildren(...list.rows.map(rowElement));
      more.hidden = !list.next;
      empty.hidden = list.rows.length > 0;
    }
    drawn = list;
  };
}

function statusOf(list: List): string {
  if (list.phase === "loading") return word("loading");
  if (list.phase === "failed") return word("failed");
  if (!list.rows) return "";
  if (list.total !== null) return `${number(list.total)} ${word("found")}`;
  return `${number(list.rows.length)} ${word("shown")}`;
}

// rowElement makes the same row as the page's template.
function rowElement(row: EventRow): HTMLLIElement {
  const item = element("li", "row");
  const phase = phaseOf(row.day);
  Object.assign(item.dataset, { way: row.way, phase, id: row.id });
  const link = element("a", "", row.title);
  link.href = row.path;
  link.dir = "auto";
  if (row.language) link.lang = row.language;
  const host = element("p", "row-who", row.host.displayName);
  host.dir = "auto";
  const where = element("p", "row-where");
  const mark = element("span", phase === "LIVE" ? "mark is-live" : "mark");
  mark.dataset.way = row.way;
  const state = element("span", "state", word(`day.${row.day}`));
  state.dataset.phase = phase;
  const place = element("span", "", placeText(row.place));
  place.dir = "auto";
  where.append(mark, element("span", "sr-only", `${word(`way.${row.way}`)}, `), state);
  const time = timeElement(row);
  if (time) where.append(" ", time);
  where.append(" ", place);
  item.append(link, host, where);
  return item;
}

function timeElement(row: EventRow): HTMLElement | null {
  if (row.allDay) return element("span", "", word("all_day"));
  if (!row.startsAtLocal || !row.endsAtLocal) return null;
  const time = element("time", "");
  time.dateTime = row.startsAt;
  time.append(element("bdi", "", `${wallTime(row.startsAtLocal)}–${wallTime(row.endsAtLocal)}`));
  return time;
}

// wallTime is the clock's part of a local instant such as 2026-12-12T10:00:00+05:45.
export function wallTime(local: string): string {
  return local.slice(11, 16);
}

function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  text = "",
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}
