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

// linked adds a link to the head.
function linked(rel: string, href: string): HTMLLinkElement {
  const link = document.createElement("link");
  link.rel = rel;
  link.href = href;
  document.head.append(link);
  return link;
}

// styled adds the rest of the style; a page that opens with its list has it already.
function styled(href: string | undefined): unknown {
  if (!href) return;
  const link = linked("stylesheet", href);
  return new Promise((done) => (link.onload = link.onerror = done));
}

// spoken brings the words, and asks for the scripts that draw the map: by the time the page is live
// they are on their way, rather than asked for by one another.
async function spoken(address: string): Promise<Scripted> {
  const scripted = (await (await fetch(address)).json()) as Scripted;
  for (const script of scripted.ahead) linked("modulepreload", script);
  return scripted;
}

async function start(page: HTMLElement): Promise<void> {
  await painted(page);
  const { sheet, words = "" } = page.dataset;
  const [app, scripted] = await Promise.all([
    import("./map.ts"),
    spoken(words),
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
