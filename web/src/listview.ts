// The list and the table as they are seen.

import { arrange, focusOn } from "./arrange.ts";
import type { EventRow } from "./documents.ts";
import { isFiltered, orderOf } from "./found.ts";
import { maxMarked } from "./marked.ts";
import { rowElement, showDay, tableRow } from "./rows.ts";
import { type List, type Near, type State, find } from "./state.ts";
import { count, number, word } from "./words.ts";

// Made is the element of a row, and what it says beside the row's day.
interface Made {
  of: string;
  element: HTMLElement;
}

export function listView(page: HTMLElement): (state: State) => void {
  const rows = find<HTMLOListElement>(page, "[data-rows]");
  const more = find<HTMLAnchorElement>(page, "[data-more]");
  const empty = find<HTMLElement>(page, "[data-list-empty]");
  const status = find<HTMLElement>(page, "[data-list-status]");
  const note = find<HTMLElement>(page, "[data-near-note]");
  const noteText = find<HTMLElement>(note, "[data-near-text]");
  const table = find<HTMLElement>(page, "[data-table]");
  const body = find<HTMLElement>(table, "[data-table-rows]");
  const clear = find<HTMLElement>(page, "[data-clear]");
  let as = page.dataset.as;
  let drawn: List | undefined;
  let gone: string[] | undefined;
  let days: State["days"] | undefined;
  let made = new Map<string, Made>();

  // draw keeps the elements of rows that stay, and the focus with them.
  const draw = (list: EventRow[], near: Near | null, asTable: boolean) => {
    const items = list.map((row) => {
      const of = JSON.stringify([asTable, { ...row, day: "", dayBy: "" }, near]);
      const known = made.get(row.id);
      const element = known?.of === of ? known.element : (asTable ? tableRow : rowElement)(row, near);
      if (element.dataset.day !== row.day) showDay(element, row.day);
      return { id: row.id, of, element };
    });
    made = new Map(items.map((item) => [item.id, item]));
    (asTable ? rows : body).replaceChildren();
    arrange(asTable ? body : rows, items.map(({ element }) => element));
  };
  // correct takes what has changed since into the rows that the hub wrote.
  const correct = (state: State) => {
    for (const list of [rows, body]) {
      const items = [...list.children] as HTMLElement[];
      const left = items.filter(({ dataset }) => !state.gone.includes(dataset.id ?? ""));
      if (left.length < items.length) arrange(list, left);
      for (const item of left) {
        const day = state.days[item.dataset.id ?? ""];
        if (day && day !== item.dataset.day) showDay(item, day);
      }
    }
  };
  return (state: State) => {
    const list = state.list;
    if (!list.rows && (state.gone !== gone || state.days !== days)) correct(state);
    gone = state.gone;
    days = state.days;
    note.hidden = !state.near;
    if (state.near) noteText.textContent = nearNote(state.near);
    clear.hidden = !isFiltered(state.filter) && !state.near;
    if (list === drawn && state.as === as) return;
    showAs(page, state);
    rows.setAttribute("aria-busy", String(list.phase === "loading"));
    const said = statusOf(list);
    if (status.textContent !== said) status.textContent = said;
    if (list.rows && (list.rows !== drawn?.rows || state.as !== as)) {
      draw(list.rows, state.near, state.as === "table");
      const isLeft = document.activeElement === more && !list.next;
      more.hidden = !list.next;
      if (isLeft) focusOn(made.get(list.rows[list.from]?.id ?? "")?.element);
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
