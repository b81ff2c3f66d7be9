// The search box knows places: while one types, towns and countries are proposed, in any script (the
// combobox of ARIA 1.2). Choosing one goes there; the last choice, or Enter, searches for the words.

import { searchFor } from "./list.ts";
import { type FoundPlace, goTo, nameOf, placesCalled } from "./placenames.ts";
import { type App, find } from "./state.ts";
import { word } from "./words.ts";

// typingPause is how long to wait for the next letter before asking, in milliseconds.
const typingPause = 150;

export function bindPlaces(app: App): () => void {
  const input = find<HTMLInputElement>(app.page, "#find-q");
  const list = find<HTMLUListElement>(app.page, "[data-places]");
  let found: FoundPlace[] = [];
  let active = -1;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = ""; // the text whose places are to be shown

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
    asked = "";
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
  const show = (text: string, places: FoundPlace[]) => {
    found = places;
    if (places.length === 0) return close();
    const words = word("find.words").replace("#", text);
    list.replaceChildren(...places.map((p, i) => optionOf(i, nameOf(p))), optionOf(places.length, words));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(-1);
  };
  const propose = async (text: string) => {
    asked = text;
    try {
      const places = await placesCalled(text);
      if (asked === text) show(text, places);
    } catch {
      if (asked === text) close(); // the words can still be searched for
    }
  };
  const choose = (at: number) => {
    const place = found[at];
    const text = input.value.trim();
    close();
    if (place) goTo(app, place);
    else searchFor(app, text);
  };
  const typed = (event: Event) => {
    if ((event as InputEvent).isComposing) return;
    clearTimeout(timer);
    const text = input.value.trim();
    if (!text) return close();
    timer = setTimeout(() => void propose(text), typingPause);
  };
  const press = (event: KeyboardEvent) => {
    if (event.isComposing || list.hidden) return;
    const count = list.children.length;
    if (event.key === "ArrowDown") mark((active + 1) % count);
    else if (event.key === "ArrowUp") mark(active <= 0 ? count - 1 : active - 1);
    else if (event.key === "Enter" && active >= 0) choose(active);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" || event.key === "Tab") return close();
    else return;
    event.preventDefault();
  };
  const clicked = (event: Event) => {
    const option = (event.target as Element).closest("[role=option]");
    if (option) choose([...list.children].indexOf(option));
  };
  const stay = (event: Event) => event.preventDefault(); // the focus stays in the field

  input.addEventListener("input", typed);
  input.addEventListener("keydown", press);
  input.addEventListener("blur", close);
  list.addEventListener("mousedown", stay);
  list.addEventListener("click", clicked);
  return () => {
    close();
    input.removeEventListener("input", typed);
    input.removeEventListener("keydown", press);
    input.removeEventListener("blur", close);
    list.removeEventListener("mousedown", stay);
    list.removeEventListener("click", clicked);
  };
}

function optionOf(at: number, text: string): HTMLLIElement {
  const option = document.createElement("li");
  option.id = `find-place-${at}`;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  option.dir = "auto";
  option.textContent = text;
  return option;
}
