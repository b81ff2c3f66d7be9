// The box in pages of others: everything is on it already. The map comes when somebody asks for it, the
// rest is looked at anew now and then, so that what was withdrawn does not stay there. Nothing is kept
// in the browser.

import type { EmbedMap } from "./embedmap.ts";

const freshEvery = 60_000; // milliseconds

let map: EmbedMap | undefined;

async function refresh(): Promise<void> {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { credentials: "omit" });
    if (!answer.ok && (answer.status < 400 || answer.status > 499)) return; // the hub is unwell
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [box, next] = [document.querySelector(".embed"), page.querySelector(".embed")];
    if (!box || !next) return; // somebody between here and the hub has answered
    document.title = page.title;
    if (box.id !== next.id) {
      // What the box is about is not public any more, or is again.
      if (next.id) location.reload();
      map?.remove();
      map = undefined;
      box.replaceWith(next);
      return;
    }
    renew(box, next);
    await map?.refresh();
  } catch {
    // What is there stays; the next time may go better.
  }
}

function renew(box: Element, next: Element): void {
  const news = next.querySelectorAll("[data-fresh]");
  box.querySelectorAll("[data-fresh]").forEach((part, i) => {
    const fresh = news[i];
    // A person who is in the list by keyboard keeps their place.
    if (fresh && !part.contains(document.activeElement)) part.replaceChildren(...fresh.childNodes);
  });
  const pictures = next.querySelectorAll("picture > *");
  box.querySelectorAll("picture > *").forEach((part, i) => {
    for (const name of ["src", "srcset"]) {
      const address = pictures[i]?.getAttribute(name);
      if (address) part.setAttribute(name, ofThisMinute(address));
    }
  });
}

// ofThisMinute is the picture past what the page has drawn already, and the same for all who look.
function ofThisMinute(address: string): string {
  const [path = "", part] = address.split("#");
  return `${path}&minute=${Math.floor(Date.now() / 60_000)}${part ? `#${part}` : ""}`;
}

function start(box: HTMLElement): void {
  document.documentElement.classList.add("js");
  const button = box.querySelector<HTMLButtonElement>("[data-show-map]");
  const place = box.querySelector<HTMLElement>("#map");
  if (button && place) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        const { showEmbedMap } = await import("./embedmap.ts");
        place.hidden = false;
        map = await showEmbedMap(box, place);
        button.remove();
      } catch (reason) {
        place.hidden = true;
        button.disabled = false;
        console.warn("no map:", reason);
      }
    });
  }
  setInterval(() => void refresh(), freshEvery);
  document.addEventListener("visibilitychange", () => void refresh());
}

const box = document.getElementById("embed");
if (box) start(box);
