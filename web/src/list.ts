// The list of events: the rows that the hub wrote into the page stand until a condition changes;
// then the same rows come by GraphQL, and the address keeps the conditions.

import { openCard } from "./card.ts";
import { type EventPage, EventsQuery } from "./documents.ts";
import { ask } from "./graphql.ts";
import { chipsOf } from "./chips.ts";
import { isSearching, marksAfter, maxMarked } from "./marked.ts";
import { rowElement, tableRow } from "./rows.ts";
import { type App, type Bounds, type Filter, type List, type Near, type Sort, type State, find } from "./state.ts";
import { count, number, pageLanguage, word } from "./words.ts";

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
    theme: value("theme"),
    language: value("language"),
    access: data.getAll("access").map(String),
  };
}

// fillForm writes conditions back into the form. A country without events is no choice of it yet.
export function fillForm(form: HTMLFormElement, filter: Filter, countryName = filter.country): void {
  const values = { q: filter.text, ...filter };
  for (const field of form.querySelectorAll<HTMLInputElement | HTMLSelectElement>("[name]")) {
    if (field instanceof HTMLInputElement && field.type === "checkbox") {
      field.checked = filter.access.includes(field.value);
    } else if (field.type !== "hidden") {
      field.value = String(values[field.name as "q" | "country"] ?? "");
    }
  }
  const country = form.elements.namedItem("country");
  if (country instanceof HTMLSelectElement && filter.country && country.value !== filter.country) {
    country.add(new Option(countryName, filter.country, false, true));
  }
}

export function isFiltered({ access, ...others }: Filter): boolean {
  return access.length > 0 || Object.values(others).some(Boolean);
}

// reload has the first page anew. The map stays where it is when the rows come with its own view.
export function reload(app: App, still = false): void {
  void load(app, false, still);
}

// searchFor looks for words.
export function searchFor(app: App, text: string): void {
  change(app, { ...app.state.filter, text });
}

// goNear shows a part of the map and lists what is near a point, or in a country.
export function goNear(app: App, goal: Bounds, near: Near | null, country: { code: string; name: string } | null): void {
  app.change((s) => {
    s.goal = goal;
    s.near = near;
    s.sort = "";
    s.panel = "list";
  });
  change(app, { ...app.state.filter, text: "", country: country?.code ?? "" }, country?.name);
}

function change(app: App, filter: Filter, countryName?: string): void {
  fillForm(find<HTMLFormElement>(app.page, "[data-filters]"), filter, countryName);
  app.change((s) => (s.filter = filter));
  reload(app);
}

// showNear sorts the list by distance from a point.
export function showNear(app: App, near: Near | null): void {
  app.change((s) => {
    s.near = near;
    s.sort = "";
    if (near) s.panel = "list";
  });
  void load(app, false);
}

export function bindList(app: App): () => void {
  const form = find<HTMLFormElement>(app.page, "[data-filters]");
  const panel = find<HTMLElement>(app.page, ".panel-list");
  const rows = find<HTMLOListElement>(app.page, "[data-rows]");
  const more = find<HTMLAnchorElement>(app.page, "[data-more]");
  const clear = find<HTMLAnchorElement>(app.page, "[data-clear]");
  const nearEnd = find<HTMLButtonElement>(app.page, "[data-near-end]");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let synced = app.state.resync;

  const apply = () => {
    clearTimeout(timer);
    app.change((s) => (s.filter = filterOf(form)));
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
    fillForm(form, nothing);
    app.change((s) => {
      s.near = null;
      s.sort = "";
    });
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
  const switched = (event: Event) => {
    const to = (event.target as Element).closest<HTMLElement>("[data-as-to], [data-sort]");
    if (!to) return;
    event.preventDefault();
    const { asTo, sort } = to.dataset;
    app.change((s) => {
      if (asTo) s.as = asTo === "table" ? "table" : "list";
      if (sort) s.sort = sort as Sort;
    });
    if (sort || !app.state.list.rows) reload(app, true);
  };

  form.addEventListener("submit", submitted);
  form.addEventListener("input", typed);
  clear.addEventListener("click", cleared);
  more.addEventListener("click", next);
  panel.addEventListener("click", opened);
  panel.addEventListener("click", switched);
  nearEnd.addEventListener("click", noNear);
  const chips = chipsOf(app, form, apply, noNear);
  const render = viewOf(app, rows, more);
  const off = app.onRender((state) => {
    render(state);
    chips(state);
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
    panel.removeEventListener("click", opened);
    panel.removeEventListener("click", switched);
    nearEnd.removeEventListener("click", noNear);
  };
}

let asking: AbortController | undefined;

// load asks for the first page, or for the one after the rows that are there.
async function load(app: App, further: boolean, still = false): Promise<void> {
  asking?.abort();
  const mine = (asking = new AbortController());
  app.change((s) => (s.list = { ...s.list, phase: "loading" }));
  try {
    const question = {
      edition: app.edition,
      filter: conditions(app.state),
      orderBy: orders[orderOf(app.state)],
    };
    const variables = {
      ...question,
      first: pageSize,
      after: further ? app.state.list.next : null,
      language: pageLanguage(),
    };
    const { events } = await ask<{ events: EventPage }>(EventsQuery, variables, mine.signal);
    app.change((s) => (s.list = listOf(events, further ? s.list : null, still)));
    if (!further) void markFurther(app, question, mine.signal);
  } catch {
    if (mine.signal.aborted) return;
    app.change((s) => (s.list = { ...s.list, phase: "failed" }));
  }
}

async function markFurther(app: App, question: object, signal: AbortSignal): Promise<void> {
  const { next, rows } = app.state.list;
  if (!next || !rows || !isSearching(app.state)) return;
  try {
    const further = await marksAfter(question, next, rows.length, signal);
    app.change((s) => (s.list = { ...s.list, further, still: true }));
  } catch {
    // The list is whole without them; the map marks its rows.
  }
}

const orders = { start: "STARTS_AT", listed: "LISTED_AT", distance: "DISTANCE" };

export function orderOf({ sort, near }: Pick<State, "sort" | "near">): "start" | "listed" | "distance" {
  if (sort && (sort !== "distance" || near)) return sort;
  return near ? "distance" : "start";
}

const nothing: Filter = { text: "", country: "", phase: "", way: "", theme: "", language: "", access: [] };

function listOf(page: EventPage, before: List | null, still: boolean): List {
  return {
    rows: [...(before?.rows ?? []), ...page.nodes],
    further: before?.further ?? [],
    next: page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null,
    total: page.totalCount,
    phase: "idle",
    still,
  };
}

function conditions(state: State): object {
  const { text, country, phase, way, theme, language, access } = state.filter;
  const near = state.near && {
    latitude: state.near.latitude,
    longitude: state.near.longitude,
    withinKm: state.near.withinKm,
  };
  return {
    ...(text && { text }),
    ...(country && { countries: [country] }),
    ...(phase && { phases: [phase] }),
    ...(way && { ways: [way] }),
    ...(theme && { themes: [theme] }),
    ...(language && { languages: [language] }),
    ...(access.length && { access }),
    ...(near && { near }),
  };
}

function viewOf(app: App, rows: HTMLOListElement, more: HTMLAnchorElement) {
  const empty = find<HTMLElement>(app.page, "[data-list-empty]");
  const status = find<HTMLElement>(app.page, "[data-list-status]");
  const note = find<HTMLElement>(app.page, "[data-near-note]");
  const noteText = find<HTMLElement>(note, "[data-near-text]");
  const table = find<HTMLElement>(app.page, "[data-table]");
  const body = find<HTMLElement>(table, "[data-table-rows]");
  const clear = find<HTMLElement>(app.page, "[data-clear]");
  let as = app.state.as;
  let drawn: List | undefined;
  let gone: string[] | undefined;
  return (state: State) => {
    if (state.gone !== gone) {
      gone = state.gone;
      for (const row of [...rows.children, ...body.children] as HTMLElement[]) {
        if (gone.includes(row.dataset.id ?? "")) row.remove();
      }
    }
    note.hidden = !state.near;
    if (state.near) noteText.textContent = nearNote(state.near);
    clear.hidden = !isFiltered(state.filter) && !state.near;
    const list = state.list;
    if (list === drawn && state.as === as) return;
    showAs(app.page, state);
    rows.setAttribute("aria-busy", String(list.phase === "loading"));
    status.textContent = statusOf(list);
    if (list.rows && (list.rows !== drawn?.rows || state.as !== as)) {
      const asTable = state.as === "table";
      rows.replaceChildren(...(asTable ? [] : list.rows.map((row) => rowElement(row, state.near))));
      body.replaceChildren(...(asTable ? list.rows.map((row) => tableRow(row, state.near)) : []));
      more.hidden = !list.next;
      empty.hidden = list.rows.length > 0;
    }
    drawn = list;
    as = state.as;
  };
}

// showAs shows the list or the table, and by what it is sorted.
function showAs(page: HTMLElement, state: State): void {
  page.dataset.as = state.as;
  find<HTMLElement>(page, "[data-rows]").hidden = state.as === "table";
  find<HTMLElement>(page, "[data-table]").hidden = state.as !== "table";
  for (const link of page.querySelectorAll<HTMLElement>("[data-as-to]")) {
    if (link.dataset.asTo === state.as) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  const order = orderOf(state);
  for (const head of page.querySelectorAll<HTMLElement>("[data-th]")) {
    if (head.dataset.th === "distance") head.hidden = !state.near;
    if (head.dataset.th === order) head.setAttribute("aria-sort", order === "listed" ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  }
}

function nearNote(near: Near): string {
  const text = word("find.near_km").replace("#", number(near.withinKm));
  return near.name ? `${near.name}: ${text}` : text;
}

function statusOf(list: List): string {
  if (list.phase === "loading") return word("loading");
  if (list.phase === "failed") return word("failed");
  if (!list.rows) return "";
  if (list.total !== null && list.further.length > 0 && list.total > maxMarked) {
    return `${count("found", list.total)} · ${word("find.marked").replace("#", number(maxMarked))}`;
  }
  if (list.total !== null) return count("found", list.total);
  return count("shown", list.rows.length);
}
