// "Near me": the device's place, asked for only when the button is pressed. Rounded to about a
// kilometre it goes to the hub as the centre of a search and stands in this page's own address, so
// that Back works; nobody else gets it unless the viewer hands that address on.

import { showNear } from "./list.ts";
import { type App, find } from "./state.ts";
import { word } from "./words.ts";

const withinKm = 500;

export function bindNear(app: App): () => void {
  const button = find<HTMLButtonElement>(app.page, "[data-near]");
  const status = find<HTMLElement>(app.page, "[data-list-status]");
  const found = (position: GeolocationPosition) => {
    button.removeAttribute("aria-busy");
    // A hundredth of a degree is about a kilometre: near enough to sort by.
    const round = (degrees: number) => Math.round(degrees * 100) / 100;
    const { latitude, longitude } = position.coords;
    showNear(app, { latitude: round(latitude), longitude: round(longitude), withinKm });
  };
  const failed = () => {
    button.removeAttribute("aria-busy");
    app.change((s) => (s.panel = "list"));
    status.textContent = word("near_failed");
  };
  const press = () => {
    if (!navigator.geolocation) return failed();
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(found, failed, { timeout: 15_000, maximumAge: 600_000 });
  };
  button.addEventListener("click", press);
  return () => button.removeEventListener("click", press);
}
