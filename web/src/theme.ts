// Runs in the head before anything is drawn: the chosen theme, and the mark that scripts run.
// Without a choice the style sheet follows the system.

const chosen = (() => {
  try {
    return localStorage.getItem("theme");
  } catch {
    return null; // storage may be forbidden; the system's theme will do
  }
})();
const root = document.documentElement;
root.classList.add("js");
if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
