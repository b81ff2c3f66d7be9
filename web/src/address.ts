// The address holds what is looked at, so that any view can be shared and Back works: conditions,
// place, order, panel, the open card, and the map's middle and zoom. While one moves and types the
// address is replaced; a card or a panel is a step that Back takes back.

import { openCard } from "./card.ts";
import { fillForm, isFiltered, reload } from "./list.ts";
import { type App, type Filter, type Near, type Sort, type State, type View, find } from "./state.ts";

// settle is how long, in milliseconds, things must stand before the address follows: browsers refuse
// more than a hundred changes in half a minute.
const settle = 400;

// own are the parameters that are written here; all others stay as they are.
const own = [
  "q", "country", "phase", "way", "theme", "language", "access", "near", "sort", "as", "panel", "event", "view", "after",
];

interface Address {
  filter: Filter;
  near: Near | null;
  sort: Sort;
  as: "list" | "table";
  panel: "now" | "list";
  event: string;
  view: View | null;
}

// Step is what the history keeps with an entry: the event of its card, and whether this page made it.
interface Step {
  card?: string;
  own?: boolean;
}

export function readAddress(search = location.search): Address {
  const values = new URLSearchParams(search);
  const get = (name: string) => values.get(name) ?? "";
  const filter: Filter = {
    text: get("q"),
    country: get("country").toUpperCase(),
    phase: get("phase"),
    way: get("way"),
    theme: get("theme"),
    language: get("language"),
    access: values.getAll("access"),
  };
  const near = nearOf(get("near"));
  const as = get("as") === "table" ? "table" : "list";
  const listed = isFiltered(filter) || near !== null || as === "table";
  const panel = get("panel") || (listed ? "list" : "now");
  return {
    filter,
    near,
    as,
    sort: sortOf(get("sort")),
    panel: panel === "list" ? "list" : "now",
    event: get("event"),
    view: viewOf(get("view")),
  };
}

function sortOf(text: string): Sort {
  return text === "start" || text === "listed" || text === "distance" ? text : "";
}

// writeAddress is the search part of the address of a state.
export function writeAddress(state: State, event: string, before = location.search): string {
  const values = new URLSearchParams(before);
  for (const name of own) values.delete(name);
  const { text, access, ...others } = state.filter;
  const set = (name: string, value: string) => value && values.set(name, value);
  set("q", text);
  for (const [name, value] of Object.entries(others)) set(name, value);
  for (const fact of access) values.append("access", fact);
  if (state.near) set("near", nearText(state.near));
  set("sort", state.sort);
  if (state.as === "table") set("as", "table");
  const usual = isFiltered(state.filter) || state.near || state.as === "table" ? "list" : "now";
  if (state.panel !== usual) set("panel", state.panel);
  set("event", event);
  if (state.view) set("view", viewText(state.view));
  const search = values.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  return search ? `?${search}` : "";
}

// Two decimals of a degree are about a kilometre: no address tells more exactly where somebody is.
function nearText({ latitude, longitude, withinKm }: Near): string {
  return [latitude, longitude, withinKm].map((n) => String(Math.round(n * 100) / 100)).join(",");
}

function viewText({ latitude, longitude, zoom }: View): string {
  return `${latitude.toFixed(2)},${longitude.toFixed(2)},${zoom.toFixed(1)}`;
}

function numbersOf(text: string, least: number): number[] | null {
  const parts = text ? text.split(",").map(Number) : [];
  const [latitude = NaN, longitude = NaN] = parts;
  const valid = parts.length >= least && parts.length <= 3 && parts.every(Number.isFinite);
  return valid && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? parts : null;
}

function nearOf(text: string): Near | null {
  const [latitude = 0, longitude = 0, withinKm = 100] = numbersOf(text, 2) ?? [];
  const fits = text !== "" && numbersOf(text, 2) !== null && withinKm > 0 && withinKm <= 20_100;
  return fits ? { latitude, longitude, withinKm } : null;
}

function viewOf(text: string): View | null {
  const [latitude = 0, longitude = 0, zoom = 0] = numbersOf(text, 3) ?? [];
  return numbersOf(text, 3) && Math.abs(latitude) <= 85 && zoom >= -2 && zoom <= 20 ? { latitude, longitude, zoom } : null;
}

// slugOf is the last part of an event's path.
export function slugOf(path: string): string {
  try {
    return decodeURIComponent(path.slice(path.lastIndexOf("/") + 1));
  } catch {
    return "";
  }
}

export function bindAddress(app: App): () => void {
  const form = find<HTMLFormElement>(app.page, "[data-filters]");
  let event = app.page.dataset.open ? readAddress().event : "";
  let panel = app.state.panel;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const step = () => (history.state ?? {}) as Step;
  const replace = () => {
    const search = writeAddress(app.state, event);
    if (search !== location.search) history.replaceState(step(), "", search || location.pathname);
  };
  const push = (made: Step) => {
    clearTimeout(timer);
    history.pushState(made, "", writeAddress(app.state, event) || location.pathname);
  };
  const follow = (state: State) => {
    const card = state.card;
    if (card && !card.event) return; // it has no address before it is there
    const now = card?.event ? slugOf(card.event.path) : "";
    if (now !== event) {
      event = now;
      panel = state.panel;
      if (now) push({ card: card?.id ?? "", own: true });
      else if (step().own && step().card) history.back();
      else replace();
    } else if (state.panel !== panel) {
      panel = state.panel;
      push(card ? { card: card.id, own: true } : {});
    } else {
      clearTimeout(timer);
      timer = setTimeout(replace, settle);
    }
  };
  const back = () => {
    clearTimeout(timer);
    const address = readAddress();
    const { card } = step();
    const changed = listingOf(address) !== listingOf(app.state);
    event = card ? address.event : "";
    panel = address.panel;
    app.change((s) => {
      const { filter, near, sort, as } = address;
      Object.assign(s, { filter, near, sort, as, panel: address.panel });
      if (!card) s.card = null;
    });
    fillForm(form, address.filter);
    if (changed) reload(app, true);
    if (card && app.state.card?.id !== card) openCard(app, card);
  };

  const { open } = app.page.dataset;
  if (open) {
    history.replaceState({ card: open }, "");
    openCard(app, open);
  }
  const { filter, near } = app.state;
  if (isFiltered(filter) || near) reload(app, app.state.view !== null); // the map needs their places
  const off = app.onRender(follow);
  addEventListener("popstate", back);
  return () => {
    off();
    clearTimeout(timer);
    removeEventListener("popstate", back);
  };
}

// listingOf tells whether two lists are asked for alike.
function listingOf(of: Pick<State, "filter" | "near" | "sort">): string {
  return JSON.stringify([of.filter, of.near && nearText(of.near), of.sort]);
}
