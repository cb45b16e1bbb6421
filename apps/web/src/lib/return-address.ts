const key = "return-to";

/** Keeps where somebody was for after they have signed in, which leads to the first page. One tab does not know of another. */
export function keepAddress(): void {
  const address = location.pathname + location.search;
  if (address !== "/") sessionStorage.setItem(key, address);
}

/** The address that was kept, once; null where the page that is open was asked for on purpose. */
export function takeAddress(): string | null {
  const address = sessionStorage.getItem(key);
  sessionStorage.removeItem(key);
  return location.pathname + location.search === "/" ? address : null;
}
