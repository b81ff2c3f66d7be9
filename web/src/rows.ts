// The rows of the list and of the table, made as the page's template makes them.

import { type EventRow, phaseOf, placeText, pointOf } from "./documents.ts";
import type { Near } from "./state.ts";
import { number, word } from "./words.ts";

// rowElement is a row of the list.
export function rowElement(row: EventRow, near: Near | null): HTMLLIElement {
  const item = identify(element("li", "row"), row);
  const host = element("p", "row-who", row.host.displayName);
  host.dir = "auto";
  const where = element("p", "row-where");
  const place = element("span", "", placeText(row.place));
  place.dir = "auto";
  where.append(...stateElements(row));
  const time = timeElement(row);
  if (time) where.append(" ", time);
  where.append(" ", place);
  const km = distanceOf(row, near);
  if (km) where.append(" ", element("span", "km", km));
  item.append(linkElement(row), host, where);
  return item;
}

// tableRow is a row of the table.
export function tableRow(row: EventRow, near: Near | null): HTMLTableRowElement {
  const item = identify(element("tr", ""), row);
  const title = element("th", "");
  title.scope = "row";
  title.append(linkElement(row));
  const place = element("td", "", placeText(row.place));
  const host = element("td", "", row.host.displayName);
  place.dir = host.dir = "auto";
  const km = element("td", "", distanceOf(row, near));
  km.hidden = !near;
  const begins = element("td", "");
  begins.append(timeElement(row) ?? "");
  const state = element("td", "");
  state.append(...stateElements(row));
  const listed = element("td", "");
  if (row.listedAt) {
    const time = element("time", "");
    time.dateTime = row.listedAt;
    time.append(element("bdi", "", row.listedAt.slice(0, 10)));
    listed.append(time);
  }
  item.append(title, begins, state, place, km, host, listed);
  return item;
}

function identify<E extends HTMLElement>(item: E, row: EventRow): E {
  Object.assign(item.dataset, { way: row.way, phase: phaseOf(row.day), day: row.day, id: row.id });
  return item;
}

// showDay has a row, of the hub's or of this page, tell another state of its event.
export function showDay(item: HTMLElement, day: string): void {
  const phase = phaseOf(day);
  Object.assign(item.dataset, { phase, day });
  item.querySelector(".mark")?.classList.toggle("is-live", phase === "LIVE");
  const state = item.querySelector<HTMLElement>(".state");
  if (!state) return;
  state.dataset.phase = phase;
  state.textContent = word(`day.${day}`);
}

function linkElement(row: EventRow): HTMLAnchorElement {
  const link = element("a", "", row.title);
  link.href = row.path;
  link.dir = "auto";
  if (row.language) link.lang = row.language;
  return link;
}

function stateElements(row: EventRow): (HTMLElement | string)[] {
  const phase = phaseOf(row.day);
  const mark = element("span", phase === "LIVE" ? "mark is-live" : "mark");
  mark.dataset.way = row.way;
  const state = element("span", "state", word(`day.${row.day}`));
  state.dataset.phase = phase;
  return [mark, element("span", "sr-only", `${word(`way.${row.way}`)}, `), state];
}

const earthKm = 6371.0088; // the hub's own mean radius

// distanceOf is how far an event is, "" when nothing is near anything or it is nowhere.
function distanceOf(row: EventRow, near: Near | null): string {
  const at = pointOf(row.place);
  if (!near || !at) return "";
  const rad = Math.PI / 180;
  const [longitude, latitude] = at;
  const dLat = ((latitude - near.latitude) * rad) / 2;
  const dLon = ((longitude - near.longitude) * rad) / 2;
  const cos = Math.cos(latitude * rad) * Math.cos(near.latitude * rad);
  const h = Math.sin(dLat) ** 2 + cos * Math.sin(dLon) ** 2;
  return word("find.km").replace("#", number(Math.round(2 * earthKm * Math.asin(Math.min(1, Math.sqrt(h))))));
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

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  text = "",
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}
