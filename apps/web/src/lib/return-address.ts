const key = "return-to";
/** This page is left for one that is known. Its own address is none to come back to, though its session ends before it is gone. */
let isLeft = false;

/** Keeps where somebody was for after they have signed in, which leads to the first page. One tab does not know of another. */
export function keepAddress(): void {
  if (isLeft) return;
  const address = location.pathname + location.search;
  if (location.pathname !== "/sign-in" && address !== "/") sessionStorage.setItem(key, address);
}

/** Where to go on at a provider's return: what was kept, and stays kept. */
export function keptAddress(): string {
  return sessionStorage.getItem(key) ?? "/";
}

/** The address that was kept, once; null where the page that is open was asked for on purpose. */
export function takeAddress(): string | null {
  const address = sessionStorage.getItem(key);
  sessionStorage.removeItem(key);
  return location.pathname === "/sign-in" || location.pathname + location.search === "/" ? address : null;
}

/** What signing in leads to next in this tab, instead of the first page. */
export function keepForFirstPage(address: string): void {
  isLeft = true;
  sessionStorage.setItem(key, address);
}
