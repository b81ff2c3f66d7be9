// The hub's picture of the day, which lies under the map until that has drawn itself. The hub's page
// follows the system's theme; a viewer who chose the other one gets the other picture.

import { isDark, onThemeChange } from "./look.ts";
import { type App, find } from "./state.ts";

// drawnEvery is how often, in milliseconds, a picture is fetched anew that stays for want of a map.
const drawnEvery = 60_000;

export function bindPoster(app: App): () => void {
  const poster = find<HTMLElement>(app.page, "[data-poster]");
  const image = find<HTMLImageElement>(poster, "img");
  const choose = () => {
    if (app.page.dataset.drawn) return;
    if (document.documentElement.dataset.theme) poster.querySelector("source")?.remove();
    else return;
    show(image, isDark());
  };
  const off = onThemeChange(choose);
  const timer = setInterval(() => {
    if (app.page.dataset.map !== "none" || document.hidden) return;
    poster.querySelector("source")?.remove();
    show(image, isDark(), Math.floor(Date.now() / drawnEvery));
  }, drawnEvery);
  choose();
  return () => {
    off();
    clearInterval(timer);
  };
}

// show asks for the picture of a theme; a minute's number passes what the browser keeps.
function show(image: HTMLImageElement, dark: boolean, minute?: number): void {
  const address = new URL(image.src);
  address.searchParams.set("theme", dark ? "dark" : "light");
  if (minute) address.searchParams.set("minute", String(minute));
  if (image.src !== address.href) image.src = address.href;
}
