// Registers the service worker, after everything that the page itself needs.

export function registerOffline(): void {
  if (!("serviceWorker" in navigator)) return;
  const register = () => {
    navigator.serviceWorker.register("/sw.js").catch(() => {
      // Private windows and plain http have none; the page works without.
    });
  };
  if (document.readyState === "complete") register();
  else addEventListener("load", register, { once: true });
}
