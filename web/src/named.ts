// The places that the searched words name, linked to beneath the conditions as the hub does in its own
// pages: who types "Londres" and presses Enter seldom looks for the word.

import { addressOf, type FoundPlace, goTo, nameOf, placesCalled } from "./placenames.ts";
import { isPlain } from "./pressed.ts";
import { type App, find } from "./state.ts";
import { word } from "./words.ts";

const maxNamed = 3;

export function bindNamed(app: App): () => void {
  const chosen = find<HTMLElement>(app.page, ".chosen");
  let line = app.page.querySelector<HTMLElement>("[data-named]");
  let told = app.state.filter.text;

  const show = (places: FoundPlace[]) => {
    line?.remove();
    line = null;
    if (places.length === 0) return;
    line = document.createElement("p");
    line.className = "notice";
    line.dataset.named = "";
    line.append(...places.slice(0, maxNamed).flatMap((place) => [linkTo(app, place), " "]));
    chosen.after(line);
  };
  return app.onRender(({ filter: { text } }) => {
    if (text === told) return;
    told = text;
    show([]);
    placesCalled(text).then(
      (places) => text === told && show(places.filter((place) => place.isExact)),
      () => {}, // the words are searched for all the same
    );
  });
}

function linkTo(app: App, place: FoundPlace): HTMLAnchorElement {
  const link = document.createElement("a");
  link.href = addressOf(place);
  link.dir = "auto";
  link.textContent = word("find.near").replace("#", nameOf(place));
  link.addEventListener("click", (event) => {
    if (!isPlain(event)) return;
    event.preventDefault();
    goTo(app, place);
  });
  return link;
}
