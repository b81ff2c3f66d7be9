// What every page does: the theme button, and instants in the viewer's own time.

import { deviceToken } from "./device.ts";
import { showLocalHours } from "./localhours.ts";
import { isDark, onThemeChange, toggleTheme } from "./look.ts";
import { bindSnippets } from "./snippet.ts";

function bindTheme(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-theme-toggle]")) {
    button.hidden = false;
    const show = () => button.setAttribute("aria-pressed", String(isDark()));
    button.addEventListener("click", toggleTheme);
    onThemeChange(show);
    show();
  }
}

// A form that counts this device sends the token that the map's cards use, so that a browser is
// counted once wherever it cheers. Without a script the hub keeps a cookie instead.
function fillDevice(): void {
  for (const field of document.querySelectorAll<HTMLInputElement>("input[name=device]")) {
    field.value = deviceToken();
  }
}

// The button beside an event's facts hands its page on, or copies its address.
function bindShare(): void {
  const place = document.querySelector<HTMLElement>("[data-share-page]");
  const said = place?.querySelector<HTMLElement>("[data-copied]");
  if (!place || !said) return;
  place.hidden = false;
  const share = async () => {
    const url = document.querySelector<HTMLLinkElement>("link[rel=canonical]")?.href ?? location.href;
    try {
      if (typeof navigator.share === "function") return await navigator.share({ title: document.title, url });
      await navigator.clipboard.writeText(url);
      said.textContent = said.dataset.copied ?? "";
    } catch (reason) {
      if (!(reason instanceof DOMException && reason.name === "AbortError")) said.textContent = url;
    }
  };
  place.querySelector("button")?.addEventListener("click", () => void share());
}

const changing = document.querySelector<HTMLElement>("[data-renew]");
if (changing) void import("./renew.ts").then(({ bindRenewal }) => bindRenewal(changing));

bindTheme();
bindShare();
fillDevice();
bindSnippets();
showLocalHours();
