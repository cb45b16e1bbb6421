/**
 * Keeps the built files on this machine (public/service-worker.js). Only the built page has them: in development nothing is
 * cached. Where a browser has none, or refuses, nothing is lost but speed.
 */
export function startServiceWorker(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  addEventListener("load", () => void navigator.serviceWorker.register("/service-worker.js").catch(() => undefined), {
    once: true,
  });
}
