import { computeEffectiveAccess, type EffectiveAccess } from "@finops/platform/access/effective-access";
import type { Tx } from "@finops/platform/db/database";
import type { Context } from "@finops/platform/tenancy/context";
import { loadSubjects } from "./load-subjects.ts";

/**
 * What of their access the caller keeps up to an instant, or for good where it is null: what one has for a time is given on for
 * that time at most.
 */
export async function lastingAccess(tx: Tx, ctx: Context, until: Date | null): Promise<EffectiveAccess> {
  const { kind, id } = ctx.actor;
  if (kind === "system") return ctx;
  const now = ctx.host.clock.now();
  const { subjects, units } = await loadSubjects(tx, now, { kind, id });
  const lasts = (endMs: number | null) => endMs === null || (until !== null && until.getTime() <= endMs);
  const given = subjects.flatMap((subject) => subject.given).filter(({ validUntilMs }) => lasts(validUntilMs));
  return computeEffectiveAccess({ given, units }, now);
}
