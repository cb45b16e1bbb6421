// What workerd has beyond the types of Node: the package's own globals would replace those that all other code is checked with.
declare module "cloudflare:workers" {
  import type { DurableObjectState } from "@cloudflare/workers-types";

  export abstract class DurableObject<Env> {
    protected readonly ctx: DurableObjectState;
    protected readonly env: Env;
    constructor(ctx: DurableObjectState, env: Env);
  }
  /** Lets work go on beside the answer of the request that is being answered. */
  export function waitUntil(work: Promise<unknown>): void;
}

interface RewrittenElement {
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): unknown;
}

declare class HTMLRewriter {
  on(selector: string, handler: { element(element: RewrittenElement): void }): HTMLRewriter;
  transform(answer: Response): Response;
}
