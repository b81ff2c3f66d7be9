// Lists that change while somebody is in them.

// arrange gives a list its items in their order. The one that has the focus is not touched, which
// would lose it: the others go around it. If it is not among them any more, another one of
// the same thing gets the focus, or what now stands in its place.
export function arrange(list: HTMLElement, items: HTMLElement[]): void {
  const focused = document.activeElement;
  const children = [...list.children] as HTMLElement[];
  const was = children.findIndex((child) => child.contains(focused));
  const wanted = new Set(items);
  for (const child of children) {
    if (!wanted.has(child)) child.remove();
  }
  const here = items.findIndex((item) => item.contains(document.activeElement));
  put(list, items.slice(0, Math.max(here, 0)), list.firstElementChild);
  if (here < 0) put(list, items, list.firstElementChild);
  else put(list, items.slice(here + 1), items[here]?.nextElementSibling ?? null);
  if (was < 0 || here >= 0) return;
  const id = children[was]?.dataset.id;
  focusOn(items.find(({ dataset }) => id && dataset.id === id) ?? items[Math.min(was, items.length - 1)]);
}

// put has the items follow one another from a place on.
function put(list: HTMLElement, items: HTMLElement[], place: Element | null): void {
  let at = place;
  for (const item of items) {
    if (item === at) at = item.nextElementSibling;
    else list.insertBefore(item, at);
  }
}

export function focusOn(item: Element | undefined): void {
  item?.querySelector<HTMLElement>("a, button")?.focus({ preventScroll: true });
}
