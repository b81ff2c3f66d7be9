// The search box knows places: while one types, towns and countries are proposed, in any script.
// Choosing one goes there; the last choice, or Enter, searches for the words.

import { bindCombobox } from "./combobox.ts";
import { searchFor } from "./list.ts";
import { type FoundPlace, goTo, nameOf, placesCalled } from "./placenames.ts";
import { type App, find } from "./state.ts";
import { word } from "./words.ts";

const typingPause = 150;

export function bindPlaces(app: App): () => void {
  const input = find<HTMLInputElement>(app.page, "#find-q");
  const list = find<HTMLUListElement>(app.page, "[data-places]");
  return bindCombobox<FoundPlace | string>(input, list, {
    pause: typingPause,
    async find(text) {
      const places = await placesCalled(text);
      return places.length ? [...places, text] : [];
    },
    draw(option, item) {
      option.dir = "auto";
      option.textContent = typeof item === "string" ? word("find.words").replace("#", item) : nameOf(item);
    },
    choose: (item) => (typeof item === "string" ? searchFor(app, item) : goTo(app, item)),
  });
}
