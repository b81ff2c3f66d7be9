// Light or dark: the system's wish, or the viewer's own choice, which this browser keeps.

const wish = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

export function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : wish.matches;
}

export function toggleTheme(): void {
  const next = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem("theme", next);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
  document.dispatchEvent(new Event("themechange"));
}

// onThemeChange calls back after a change of either kind.
export function onThemeChange(changed: () => void): () => void {
  if (listeners.size === 0) {
    wish.addEventListener("change", tell);
    document.addEventListener("themechange", tell);
  }
  listeners.add(changed);
  return () => listeners.delete(changed);
}

function tell(): void {
  for (const changed of listeners) changed();
}

export function wantsStillness(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
