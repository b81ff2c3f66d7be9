// A field that proposes what is meant while one types (the combobox of WAI-ARIA 1.2, list autocomplete
// with manual selection). The list is there already, with its name.

export interface Proposing<T> {
  pause: number; // how long to wait for the next letter before asking, in milliseconds
  find(text: string, signal: AbortSignal): Promise<T[]>; // none for what is too short
  draw(option: HTMLLIElement, item: T): void;
  choose(item: T): void;
}

export function bindCombobox<T>(input: HTMLInputElement, list: HTMLUListElement, { pause, find, draw, choose }: Proposing<T>): () => void {
  let items: T[] = [];
  let active = -1;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking: AbortController | undefined;

  list.setAttribute("role", "listbox");
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  })) {
    input.setAttribute(name, value);
  }

  const close = () => {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (at: number) => {
    active = at;
    [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    const option = list.children[at];
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  };
  const optionOf = (item: T, i: number) => {
    const option = document.createElement("li");
    option.id = `${list.id}-${i}`;
    option.setAttribute("role", "option");
    draw(option, item);
    return option;
  };
  const show = (found: T[]) => {
    if (found.length === 0) return close();
    items = found;
    list.replaceChildren(...found.map(optionOf));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(-1);
  };
  const propose = async (text: string) => {
    asking?.abort();
    const mine = (asking = new AbortController());
    const found = await find(text, mine.signal).catch(() => []); // what is written still counts
    if (!mine.signal.aborted) show(found);
  };
  const take = (at: number) => {
    const item = items[at];
    close();
    if (item !== undefined) choose(item);
  };
  const typed = (event: Event) => {
    if (event instanceof InputEvent && event.isComposing) return; // the end of the composition is told, too
    clearTimeout(timer);
    const text = input.value.trim();
    if (!text) return close();
    timer = setTimeout(() => void propose(text), pause);
  };
  const press = (event: KeyboardEvent) => {
    if (event.isComposing || list.hidden) return;
    const count = items.length;
    if (event.key === "ArrowDown") mark((active + 1) % count);
    else if (event.key === "ArrowUp") mark(active <= 0 ? count - 1 : active - 1);
    else if (event.key === "Enter" && active >= 0) take(active);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" || event.key === "Tab") return close();
    else return;
    event.preventDefault();
  };
  const clicked = (event: Event) => {
    const option = (event.target as Element).closest("[role=option]");
    if (option) take([...list.children].indexOf(option));
  };
  const stay = (event: Event) => event.preventDefault(); // the focus stays in the field

  input.addEventListener("input", typed);
  input.addEventListener("compositionend", typed);
  input.addEventListener("keydown", press);
  input.addEventListener("blur", close);
  list.addEventListener("mousedown", stay);
  list.addEventListener("click", clicked);
  return () => {
    close();
    input.removeEventListener("input", typed);
    input.removeEventListener("compositionend", typed);
    input.removeEventListener("keydown", press);
    input.removeEventListener("blur", close);
    list.removeEventListener("mousedown", stay);
    list.removeEventListener("click", clicked);
  };
}
