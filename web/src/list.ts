// The list of events: the rows that the hub wrote into the page stand until a condition changes;
// then the same rows come by GraphQL, and the address keeps the conditions.

import { openCard } from "./card.ts";
import { chipsOf } from "./chips.ts";
import { load, loadFurther, renew } from "./found.ts";
import { listView } from "./listview.ts";
import { isPlain } from "./pressed.ts";
import { type App, type Bounds, type Filter, type Near, type Sort, find } from "./state.ts";

// typingPause is how long to wait for the next letter before asking, in milliseconds.
const typingPause = 250;

// A list by phase is brought anew when the day changes, at most every so many milliseconds; half as many
// by chance apart, so that not all pages ask at once.
const followEvery = 12_000;
const followSoon = 1_000;

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

// reload has the first page anew. The map stays where it is when the rows come with its own view.
export function reload(app: App, still = false): void {
  void load(app, still);
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
  void load(app);
}

export function bindList(app: App): () => void {
  const form = find<HTMLFormElement>(app.page, "[data-filters]");
  const panel = find<HTMLElement>(app.page, ".panel-list");
  const more = find<HTMLAnchorElement>(app.page, "[data-more]");
  const clear = find<HTMLAnchorElement>(app.page, "[data-clear]");
  const nearEnd = find<HTMLButtonElement>(app.page, "[data-near-end]");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let synced = app.state.resync;

  const apply = () => {
    clearTimeout(timer);
    app.change((s) => (s.filter = filterOf(form)));
    void load(app);
  };
  const submitted = (event: Event) => {
    event.preventDefault();
    apply();
  };
  const typed = (event: Event) => {
    if (event instanceof InputEvent && event.isComposing) return; // half of a word
    clearTimeout(timer);
    const typing = event.target instanceof HTMLInputElement;
    timer = setTimeout(apply, typing ? typingPause : 0);
  };
  const cleared = (event: MouseEvent) => {
    if (!isPlain(event)) return;
    event.preventDefault();
    fillForm(form, nothing);
    app.change((s) => {
      s.near = null;
      s.sort = "";
    });
    apply();
  };
  const next = (event: MouseEvent) => {
    if (!isPlain(event)) return;
    event.preventDefault();
    void loadFurther(app);
  };
  const opened = (event: MouseEvent) => {
    const link = (event.target as Element).closest("a");
    const id = link?.closest<HTMLElement>("[data-id]")?.dataset.id;
    if (!id || !isPlain(event)) return;
    event.preventDefault();
    openCard(app, id);
  };
  const noNear = () => showNear(app, null);
  const switched = (event: MouseEvent) => {
    const to = (event.target as Element).closest<HTMLElement>("[data-as-to], [data-sort]");
    if (!to || !isPlain(event)) return;
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
  form.addEventListener("compositionend", typed);
  clear.addEventListener("click", cleared);
  more.addEventListener("click", next);
  panel.addEventListener("click", opened);
  panel.addEventListener("click", switched);
  nearEnd.addEventListener("click", noNear);
  const chips = chipsOf(app, form, apply, noNear);
  const render = listView(app.page);
  const off = app.onRender((state) => {
    render(state);
    chips(state);
    if (state.resync === synced) return;
    synced = state.resync;
    void renew(app);
  });
  const stopFollowing = followDay(app);
  return () => {
    off();
    stopFollowing();
    clearTimeout(timer);
    form.removeEventListener("submit", submitted);
    form.removeEventListener("input", typed);
    form.removeEventListener("compositionend", typed);
    clear.removeEventListener("click", cleared);
    more.removeEventListener("click", next);
    panel.removeEventListener("click", opened);
    panel.removeEventListener("click", switched);
    nearEnd.removeEventListener("click", noNear);
  };
}

const nothing: Filter = { text: "", country: "", phase: "", way: "", theme: "", language: "", access: [] };

// followDay keeps a list by phase right: what begins comes in, and what is over goes.
function followDay(app: App): () => void {
  let { turned } = app.state;
  let last = -followEvery;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    const rest = Math.max(followSoon, last + followEvery - performance.now());
    timer = setTimeout(follow, rest * (1 + Math.random() / 2));
  };
  const follow = () => {
    timer = undefined;
    if (!app.state.filter.phase) return;
    if (document.hidden || app.state.list.phase === "loading") return wait();
    last = performance.now();
    void renew(app, false);
  };
  const off = app.onRender((state) => {
    if (state.turned === turned) return;
    turned = state.turned;
    if (state.filter.phase && timer === undefined) wait();
  });
  return () => {
    off();
    clearTimeout(timer);
  };
}
