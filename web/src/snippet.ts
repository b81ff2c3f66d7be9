// "Embed this": the lines can be copied from their field by hand; where the browser allows it, a
// button does it.

export function bindSnippets(): void {
  for (const box of document.querySelectorAll<HTMLElement>("[data-embed-this]")) {
    const button = box.querySelector<HTMLButtonElement>("[data-copy]");
    const code = box.querySelector<HTMLTextAreaElement>("[data-code]");
    for (const field of box.querySelectorAll("textarea")) {
      field.addEventListener("focus", () => field.select());
    }
    if (!button || !code || !navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(code.value);
        button.textContent = button.dataset.done ?? "";
      } catch {
        code.focus(); // selects it, to be copied by hand
      }
    });
  }
}
