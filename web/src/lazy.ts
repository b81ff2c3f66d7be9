// Parts of the page that come late, and what is done when they do not come: the connection may be
// gone for a moment, or the hub has another build and has not kept the parts of this one.

import type { App } from "./state.ts";
import { word } from "./words.ts";

// lazy brings a part once, when it is first wanted; one that did not come is brought anew the next
// time that it is.
export function lazy<T>(bring: () => Promise<T>): () => Promise<T> {
  let coming: Promise<T> | undefined;
  return () => {
    coming ??= bring().catch((reason: unknown) => {
      coming = undefined;
      throw reason;
    });
    return coming;
  };
}

// persist does what needs the hub, and again each time that the connection has come back, until it
// is done.
export function persist(app: App, act: () => Promise<void>, failed: (reason: unknown) => void): void {
  act().catch((reason: unknown) => {
    failed(reason);
    let was = app.state.stream;
    const off = app.onRender(({ stream }) => {
      const back = stream === "connected" && was !== stream;
      was = stream;
      if (!back) return;
      off();
      persist(app, act, failed);
    });
  });
}

// mayBeOld offers to load the page anew if the hub is of another build, after a part did not come.
export async function mayBeOld(): Promise<void> {
  const main = document.querySelector("main");
  if (!main || main.querySelector("[data-newer]")) return;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const theirs = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok || scriptOf(theirs) === scriptOf(document) || main.querySelector("[data-newer]")) return;
    main.prepend(newer());
  } catch {
    // The hub cannot be reached: the page says so already.
  }
}

// scriptOf is the address of a page's own script, which is another one in each build.
function scriptOf(page: Document): string | undefined {
  return page.querySelector("script[type=module][src]")?.getAttribute("src") ?? undefined;
}

function newer(): HTMLElement {
  const note = document.createElement("p");
  note.className = "notice offline-note";
  note.dataset.newer = "";
  note.setAttribute("role", "status");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = word("reload");
  button.addEventListener("click", () => location.reload());
  note.append(`${word("newer")} `, button);
  return note;
}
