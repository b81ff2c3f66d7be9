// The event form with a script: towns to choose from, the device's own position, and the time zone
// of the pin. Every field can be filled in without any of it.

import { bindCombobox } from "./combobox.ts";

interface Town {
  name: string;
  country: string;
  countryName: string;
  latitude: number;
  longitude: number;
  zone: string;
}

// typingPause is how long to wait for the next letter before asking, in milliseconds.
const typingPause = 200;
const leastLetters = 2;
// locateLimit is how long to wait for the device's position, in milliseconds.
const locateLimit = 15_000;

type Field = HTMLInputElement | HTMLSelectElement;

function field<F extends Field>(place: HTMLElement, name: string): F {
  const found = place.closest("form")?.elements.namedItem(name);
  if (!(found instanceof HTMLElement)) throw new Error(`the form has no ${name}`);
  return found as unknown as F;
}

async function ask<T>(path: string, signal: AbortSignal): Promise<T | null> {
  try {
    const response = await fetch(path, { signal, headers: { Accept: "application/json" } });
    return response.ok ? ((await response.json()) as T) : null;
  } catch {
    return null; // offline, or a newer question came: the fields are still there
  }
}

// bindZone proposes the zone of the pin until the host chooses one.
function bindZone(place: HTMLElement): () => void {
  const zone = field<HTMLSelectElement>(place, "place.zone");
  const [latitude, longitude] = ["place.latitude", "place.longitude"].map((n) =>
    field<HTMLInputElement>(place, n),
  );
  let proposed = zone.value === "";
  let asking = new AbortController();
  const propose = async () => {
    if (!proposed || !latitude?.value || !longitude?.value) return;
    asking.abort();
    asking = new AbortController();
    const where = new URLSearchParams({
      lat: latitude.value.replace(",", "."),
      lon: longitude.value.replace(",", "."),
    });
    const answer = await ask<{ zone: string }>(`/host/zone?${where}`, asking.signal);
    if (answer && proposed) zone.value = hasOption(zone, answer.zone) ? answer.zone : "";
  };
  zone.addEventListener("change", () => (proposed = zone.value === ""));
  latitude?.addEventListener("change", () => void propose());
  longitude?.addEventListener("change", () => void propose());
  return () => void propose();
}

function hasOption(select: HTMLSelectElement, value: string): boolean {
  return [...select.options].some((o) => o.value === value);
}

function setPin(place: HTMLElement, latitude: number, longitude: number): void {
  field(place, "place.latitude").value = latitude.toFixed(5);
  field(place, "place.longitude").value = longitude.toFixed(5);
}

function bindLocate(place: HTMLElement, propose: () => void): void {
  const button = place.querySelector<HTMLButtonElement>("[data-locate]");
  const status = place.querySelector<HTMLElement>("[data-place-status]");
  if (!button || !status) return;
  const say = (word: string | undefined) => (status.textContent = word ?? "");
  button.addEventListener("click", () => {
    say("…");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setPin(place, coords.latitude, coords.longitude);
        propose();
        say(status.dataset.found);
      },
      () => say(status.dataset.failed),
      { timeout: locateLimit, maximumAge: 60_000 },
    );
  });
}

// bindTowns proposes towns, which bring their country and their pin.
function bindTowns(place: HTMLElement, propose: () => void): void {
  const input = field<HTMLInputElement>(place, "place.locality");
  const country = field<HTMLSelectElement>(place, "place.country");
  const list = document.createElement("ul");
  Object.assign(list, { id: "towns", className: "towns", hidden: true });
  list.setAttribute("aria-label", input.labels?.[0]?.textContent?.trim() ?? "");
  input.after(list);
  bindCombobox<Town>(input, list, {
    pause: typingPause,
    async find(text, signal) {
      if (text.length < leastLetters) return [];
      const words = new URLSearchParams({ q: text, country: country.value });
      return (await ask<Town[]>(`/host/towns?${words}`, signal)) ?? [];
    },
    draw(option, town) {
      const [name, where] = ["bdi", "small"].map((tag) => document.createElement(tag));
      if (!name || !where) return;
      name.textContent = town.name;
      where.textContent = town.countryName;
      option.append(name, " ", where);
    },
    choose(town) {
      input.value = town.name;
      if (hasOption(country, town.country)) country.value = town.country;
      setPin(place, town.latitude, town.longitude);
      propose();
    },
  });
}

for (const place of document.querySelectorAll<HTMLElement>("[data-place]")) {
  const propose = bindZone(place);
  bindLocate(place, propose);
  bindTowns(place, propose);
}
document.getElementById("problems")?.focus();
document.querySelector<HTMLInputElement>("#link")?.addEventListener("focus", (event) => {
  (event.target as HTMLInputElement).select();
});
