import type { RequestWay } from "../network/forwarded.ts";
import type { Context } from "../tenancy/context.ts";

/** The company whose host name a request came to. */
export type CompanySite = { slug: string } | { tenantId: string };

/** What every route finds in `c.var`, set by the door before the route runs. */
export interface AppEnv {
  Variables: {
    /** Who asks. */
    ctx: Context;
    /** Null on the platform's own host name. */
    site: CompanySite | null;
    rates: unknown[];
    /** How the request came to the host that handed it on; left out where none did. */
    way?: RequestWay;
  };
}
