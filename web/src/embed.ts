// The box in pages of others: everything is on it already. The map comes when somebody asks for it,
// the numbers and rows are looked at anew now and then. Nothing is kept in the browser.

const freshEvery = 60_000; // milliseconds

async function refresh(box: HTMLElement): Promise<void> {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { credentials: "omit" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const news = page.querySelectorAll("[data-fresh]");
    box.querySelectorAll("[data-fresh]").forEach((part, i) => {
      const next = news[i];
      // A person who is in the list by keyboard keeps their place.
      if (next && !part.contains(document.activeElement)) part.replaceChildren(...next.childNodes);
    });
  } catch {
    // What is there stays; the next time may go better.
  }
}

function start(box: HTMLElement): void {
  document.documentElement.classList.add("js");
  const button = box.querySelector<HTMLButtonElement>("[data-show-map]");
  const map = box.querySelector<HTMLElement>("#map");
  if (button && map) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        const { showEmbedMap } = await import("./embedmap.ts");
        map.hidden = false;
        await showEmbedMap(box, map);
        button.remove();
      } catch (reason) {
        map.hidden = true;
        button.disabled = false;
        console.warn("no map:", reason);
      }
    });
  }
  setInterval(() => void refresh(box), freshEvery);
}

const box = document.getElementById("embed");
if (box) start(box);
