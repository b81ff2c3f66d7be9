// By keyboard from place to place: the rows of the list are one stop of the Tab key, and the arrows
// go from row to row. Enter opens the card, as a click does.

import { type App, type State, find } from "./state.ts";

export function bindKeys(app: App): () => void {
  const panel = find<HTMLElement>(app.page, ".panel-list");
  const links = () => [
    ...panel.querySelectorAll<HTMLAnchorElement>("[data-rows]:not([hidden]) [data-id] a, [data-table]:not([hidden]) [data-id] a"),
  ];
  let seen: HTMLAnchorElement[] = [];
  let stop: HTMLAnchorElement | undefined;
  let from = 0;
  // rove leaves one row in the order of the Tab key.
  const rove = (to: HTMLAnchorElement | undefined, all: HTMLAnchorElement[]) => {
    stop = to;
    for (const link of all) link.tabIndex = link === to ? 0 : -1;
  };
  // settle keeps the row of the Tab key, or goes on where "More" has brought others.
  const settle = ({ list }: State) => {
    const all = links();
    const brought = list.from > 0 && list.from !== from ? all[list.from] : undefined;
    from = list.from;
    if (!brought && all.length === seen.length && all.every((link, i) => link === seen[i])) return;
    seen = all;
    const current = all.find((link) => link === document.activeElement);
    const kept = all.find((link) => link === stop) ?? all.find((link) => idOf(link) === idOf(stop));
    rove(current ?? brought ?? kept ?? all[0], all);
    for (const link of all) link.setAttribute("aria-describedby", "find-keys");
  };
  const press = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const all = links();
    const at = all.indexOf(event.target as HTMLAnchorElement);
    if (at < 0) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    const next = to === undefined ? undefined : all[to];
    if (!next) return;
    event.preventDefault();
    rove(next, all);
    next.focus();
  };
  const focused = (event: FocusEvent) => {
    const place = event.target as Element;
    if (place.closest("[data-table] a")) place.scrollIntoView({ block: "nearest", inline: "center" }); // it may lie beside the window
    const all = links();
    const link = all.find((one) => one === event.target);
    if (link) rove(link, all);
  };
  panel.addEventListener("keydown", press);
  panel.addEventListener("focusin", focused);
  const off = app.onRender(settle);
  return () => {
    off();
    panel.removeEventListener("keydown", press);
    panel.removeEventListener("focusin", focused);
  };
}

function idOf(link: Element | undefined): string | undefined {
  return link?.closest<HTMLElement>("[data-id]")?.dataset.id;
}
