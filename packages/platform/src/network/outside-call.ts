/** A request to an address that somebody wrote down. What is no form says by a header what it is. */
export interface OutsideCall {
  method: string;
  headers: Record<string, string>;
  body?: URLSearchParams | string | undefined;
  signal?: AbortSignal | undefined;
}

export type OutsideFetch = (url: string, call: OutsideCall) => Promise<Response>;

/** How a host reaches addresses that people of companies wrote down. What it gives reaches nothing inside of its own network. */
export interface OutsideAccess {
  isHttpAllowed: boolean;
  fetch: OutsideFetch;
}
