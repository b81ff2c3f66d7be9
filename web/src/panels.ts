// Which panel is in front, how the stream is doing, and the sheets that unfold over the page: its small
// switches.

import { type App, type State, find } from "./state.ts";
import { word } from "./words.ts";

export function bindPanels(app: App): () => void {
  const tabs = app.page.querySelectorAll<HTMLButtonElement>("[data-panel-to]");
  const sheets = app.page.querySelectorAll<HTMLDetailsElement>(".coverage, .legend-fold");
  const stream = find<HTMLElement>(app.page, "[data-stream]");
  const text = find<HTMLElement>(app.page, "[data-stream-text]");
  for (const hidden of app.page.querySelectorAll<HTMLElement>("[data-enhanced]")) {
    hidden.hidden = false;
  }
  const choose = (event: Event) => {
    const to = (event.currentTarget as HTMLElement).dataset.panelTo;
    app.change((s) => (s.panel = to === "list" ? "list" : "now"));
  };
  for (const tab of tabs) tab.addEventListener("click", choose);
  for (const sheet of sheets) sheet.addEventListener("keydown", fold);
  const off = app.onRender((state: State) => {
    app.page.dataset.panel = state.panel;
    for (const tab of tabs) {
      tab.setAttribute("aria-pressed", String(tab.dataset.panelTo === state.panel));
    }
    if (stream.dataset.stream === state.stream) return;
    stream.dataset.stream = state.stream;
    text.textContent = word(state.stream);
  });
  return () => {
    off();
    for (const tab of tabs) tab.removeEventListener("click", choose);
    for (const sheet of sheets) sheet.removeEventListener("keydown", fold);
  };
}

// fold closes a sheet, which lies over what is below it.
function fold(event: KeyboardEvent): void {
  const sheet = event.currentTarget as HTMLDetailsElement;
  if (event.key !== "Escape" || !sheet.open) return;
  sheet.open = false;
  sheet.querySelector("summary")?.focus();
}
