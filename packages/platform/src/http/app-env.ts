import type { Context } from "../tenancy/context.ts";

/** What every route finds in `c.var`: who asks, set by the door before the route runs. */
export interface AppEnv {
  Variables: { ctx: Context; rates: unknown[] };
}
