import type { Tx } from "../db/database.ts";
import { type Context, createContext } from "../tenancy/context.ts";
import { computeEffectiveAccess } from "./effective-access.ts";
import { listAccess } from "./list-access.ts";

/** A person of the company with what they may do now, as their next request would find them; null for who may not come in. */
export async function findPersonContext(
  tx: Tx,
  ctx: Pick<Context, "host" | "tenantId" | "via" | "requestId">,
  id: string,
): Promise<{ person: Context; email: string } | null> {
  const now = ctx.host.clock.now();
  const [found] = await listAccess(tx, now, { kind: "person", id });
  if (found === undefined) return null;
  const person = createContext(ctx.host, {
    tenantId: ctx.tenantId,
    actor: { kind: "person", id, name: found.name },
    via: ctx.via,
    ...computeEffectiveAccess(found.facts, now),
    requestId: ctx.requestId,
  });
  return { person, email: found.email ?? "" };
}
