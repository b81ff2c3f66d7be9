// Globe or flat map: what the address says, else what was chosen before in this browser.

import type { Map as Engine } from "maplibre-gl";
import { rewrite } from "./address.ts";
import { type App, find } from "./state.ts";
import { word } from "./words.ts";

const key = "projection";
const flatName = "mercator";
const roundName = "globe";

// wantsFlat is for those who like it, and for browsers that draw in software, where a globe is slow.
export function wantsFlat(): boolean {
  const asked = new URLSearchParams(location.search).get(key);
  if (asked === flatName || asked === roundName) return asked === flatName;
  try {
    return localStorage.getItem(key) === flatName;
  } catch {
    return false; // storage may be forbidden
  }
}

function remember(flat: boolean): void {
  const name = flat ? flatName : roundName;
  rewrite((values) => values.set(key, name));
  try {
    localStorage.setItem(key, name);
  } catch {
    // The choice then lasts as long as the address.
  }
}

// bindProjection gives the button its work; changed is called when the map has been bent.
export function bindProjection(app: App, engine: Engine, changed: (flat: boolean) => void): () => void {
  const button = find<HTMLButtonElement>(app.page, "[data-projection]");
  let flat = wantsFlat();
  const show = () => {
    button.setAttribute("aria-pressed", String(flat));
    app.page.querySelector(".world")?.classList.toggle("is-flat", flat);
  };
  const press = () => {
    flat = !flat;
    engine.setProjection({ type: flat ? flatName : roundName });
    remember(flat);
    show();
    changed(flat);
  };
  button.title = word("wave.flat");
  button.addEventListener("click", press);
  show();
  return () => button.removeEventListener("click", press);
}
