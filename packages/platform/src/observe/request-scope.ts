import { AsyncLocalStorage } from "node:async_hooks";

/** What runs now: a request, or a work item for the request that queued it. */
export interface RequestScope {
  requestId: string;
  /** The template of the route, or the kind of work; never what people typed. */
  route: string;
}

const scopes = new AsyncLocalStorage<RequestScope>();

export function inRequestScope<T>(scope: RequestScope, work: () => T): T {
  return scopes.run(scope, work);
}

/** Undefined for what nobody asked for, such as rounds. */
export function requestScope(): RequestScope | undefined {
  return scopes.getStore();
}
