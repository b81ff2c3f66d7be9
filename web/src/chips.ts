// The chips of the conditions that are set; each takes its condition away. Their words are those of
// the form's own choices.

import { type App, type State, find } from "./state.ts";
import { word } from "./words.ts";

export function chipsOf(app: App, form: HTMLFormElement, apply: () => void, noNear: () => void) {
  const list = find<HTMLUListElement>(app.page, "[data-chips]");
  const more = find<HTMLElement>(form, "[data-more-count]");
  let drawn = app.state.filter;
  let near = app.state.near?.name ? null : app.state.near; // the hub's chip does not know the name

  const chip = (text: string, without: () => void) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    const hidden = document.createElement("span");
    hidden.className = "sr-only";
    hidden.textContent = `${word("find.without")} `;
    const cross = document.createElement("span");
    cross.ariaHidden = "true";
    cross.textContent = "×";
    const shown = document.createElement("bdi"); // what is hidden must not decide where it begins
    shown.textContent = text;
    button.append(hidden, shown, " ", cross);
    button.addEventListener("click", () => {
      without();
      form.querySelector<HTMLInputElement>("#find-q")?.focus();
    });
    item.append(button);
    return item;
  };
  const ofField = (field: HTMLInputElement | HTMLSelectElement) => {
    if (field instanceof HTMLSelectElement) {
      const text = field.selectedOptions[0]?.textContent?.trim() ?? "";
      return field.value ? [chip(text, () => ((field.value = ""), apply()))] : [];
    }
    if (field.type === "checkbox") {
      const text = field.labels?.[0]?.textContent?.trim() ?? "";
      return field.checked ? [chip(text, () => ((field.checked = false), apply()))] : [];
    }
    return field.type === "search" && field.value ? [chip(field.value, () => ((field.value = ""), apply()))] : [];
  };
  return (state: State) => {
    if (state.filter === drawn && state.near === near) return;
    drawn = state.filter;
    near = state.near;
    const chips = [...form.querySelectorAll<HTMLInputElement | HTMLSelectElement>("[name]")].flatMap(ofField);
    if (near) chips.unshift(chip(near.name ?? word("near_title"), noNear));
    list.replaceChildren(...chips);
    const folded = state.filter.access.length + Number(Boolean(state.filter.theme)) + Number(Boolean(state.filter.language));
    more.textContent = folded ? `(${folded})` : "";
  };
}
