// The address holds what is looked at, so that any view can be shared and Back works: conditions,
// place, order, panel, the open card, the map's middle and zoom, its shape, and the moment of a replay.

import { isFiltered } from "./found.ts";
import type { Filter, Near, Sort, State, View } from "./state.ts";

// longestName is how many letters of a place's name are taken from an address.
const longestName = 100;

// own are the parameters of the state; all others stay as they are.
const own = [
  "q", "country", "phase", "way", "theme", "language", "access", "near", "place", "sort", "as", "panel", "event", "view", "after",
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
  const near = nearOf(get("near"), get("place"));
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
  set("place", state.near?.name ?? "");
  set("sort", state.sort);
  if (state.as === "table") set("as", "table");
  const usual = isFiltered(state.filter) || state.near || state.as === "table" ? "list" : "now";
  if (state.panel !== usual) set("panel", state.panel);
  set("event", event);
  if (state.view) set("view", viewText(state.view));
  return searchOf(values);
}

function searchOf(values: URLSearchParams): string {
  const search = values.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  return search ? `?${search}` : "";
}

// rewrite changes what is no part of the state in the present address, whose step in the history stays.
export function rewrite(change: (values: URLSearchParams) => void): void {
  const values = new URLSearchParams(location.search);
  change(values);
  history.replaceState(history.state, "", searchOf(values) || location.pathname);
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

function nearOf(text: string, name: string): Near | null {
  const [latitude = 0, longitude = 0, withinKm = 100] = numbersOf(text, 2) ?? [];
  const fits = text !== "" && numbersOf(text, 2) !== null && withinKm > 0 && withinKm <= 20_100;
  return fits ? { latitude, longitude, withinKm, ...(name && { name: name.slice(0, longestName) }) } : null;
}

function viewOf(text: string): View | null {
  const [latitude = 0, longitude = 0, zoom = 0] = numbersOf(text, 3) ?? [];
  return numbersOf(text, 3) && Math.abs(latitude) <= 85 && zoom >= -2 && zoom <= 20 ? { latitude, longitude, zoom } : null;
}

// listingOf tells whether two lists are asked for alike.
export function listingOf(of: Pick<State, "filter" | "near" | "sort">): string {
  return JSON.stringify([of.filter, of.near && nearText(of.near), of.sort]);
}
