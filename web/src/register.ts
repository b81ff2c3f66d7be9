// The event form with a script: towns to choose from, the device's own position, and the time zone
// of the pin. Every field can be filled in without any of it.

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

// bindTowns makes the town's field a combobox (WAI-ARIA, list autocomplete with manual selection).
function bindTowns(place: HTMLElement, propose: () => void): void {
  const input = field<HTMLInputElement>(place, "place.locality");
  const country = field<HTMLSelectElement>(place, "place.country");
  const list = document.createElement("ul");
  Object.assign(list, { id: "towns", className: "towns", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels?.[0]?.textContent?.trim() ?? "");
  input.after(list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-controls": "towns",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
  }))
    input.setAttribute(name, value);

  let towns: Town[] = [];
  let active = -1;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = new AbortController();

  const show = (found: Town[]) => {
    towns = found;
    active = -1;
    list.replaceChildren(...found.map(optionOf));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (town: Town | undefined) => {
    if (!town) return;
    input.value = town.name;
    if (hasOption(country, town.country)) country.value = town.country;
    setPin(place, town.latitude, town.longitude);
    propose();
    show([]);
  };
  const move = (by: number) => {
    active = (active + by + towns.length) % towns.length;
    for (const [i, option] of [...list.children].entries())
      option.setAttribute("aria-selected", String(i === active));
    input.setAttribute("aria-activedescendant", `town-${active}`);
  };
  const search = async () => {
    asking.abort();
    asking = new AbortController();
    const query = input.value.trim();
    if (query.length < 2) return show([]);
    const words = new URLSearchParams({ q: query, country: country.value });
    const found = await ask<Town[]>(`/host/towns?${words}`, asking.signal);
    if (found && input.value.trim() === query) show(found);
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void search(), typingPause);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "Escape") show([]);
    else if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(active < 0 ? 0 : -1);
    else if (event.key === "Enter" && active >= 0) choose(towns[active]);
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", () => show([]));
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // the field keeps the focus
    const option = (event.target as Element).closest<HTMLElement>("[role=option]");
    if (option) choose(towns[[...list.children].indexOf(option)]);
  });
}

function optionOf(town: Town, i: number): HTMLLIElement {
  const option = document.createElement("li");
  option.id = `town-${i}`;
  option.setAttribute("role", "option");
  const [name, where] = ["bdi", "small"].map((tag) => document.createElement(tag));
  if (name && where) {
    name.textContent = town.name;
    where.textContent = town.countryName;
    option.append(name, " ", where);
  }
  return option;
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
