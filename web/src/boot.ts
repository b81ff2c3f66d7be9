// The first script of the map page, which brings all others. What the hub wrote is painted before
// anything else is asked for: its links and forms work by themselves until then.

import type { Scripted } from "./words.ts";

// maxWait is how long, in milliseconds, the rest waits for the picture of the day.
const maxWait = 1_000;

// painted waits for the first paint, which a page in the back does not have, and for the picture,
// which is the largest part of it and shares the line with nothing.
async function painted(page: HTMLElement): Promise<void> {
  if (document.hidden) return;
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  await frame();
  await frame(); // by now the first one is on the screen
  const picture = page.querySelector("img");
  if (!picture || picture.complete) return;
  await new Promise((done) => {
    picture.onload = picture.onerror = done;
    setTimeout(done, maxWait);
  });
}

// styled adds the rest of the style; a page that opens with its list has it already.
function styled(href: string | undefined): unknown {
  if (!href) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  document.head.append(link);
  return new Promise((done) => (link.onload = link.onerror = done));
}

async function start(page: HTMLElement): Promise<void> {
  await painted(page);
  const { sheet, words = "" } = page.dataset;
  const [app, scripted] = await Promise.all([
    import("./map.ts"),
    fetch(words).then((answer) => answer.json() as Promise<Scripted>),
    styled(sheet),
  ]);
  app.start(page, scripted);
}

const page = document.getElementById("day");
if (page) {
  start(page).catch((reason) => {
    // The page as it is without scripts has all of the list.
    document.documentElement.classList.remove("js");
    console.warn("no scripts:", reason);
  });
}
