import { computeEffectiveAccess, type EffectiveAccess } from "@finops/platform/access/effective-access";
import { listAccess } from "@finops/platform/access/list-access";
import type { Tx } from "@finops/platform/db/database";
import type { Context } from "@finops/platform/tenancy/context";

/**
 * What of their access the caller keeps up to an instant, or for good where it is null: what one has for a time is given on for
 * that time at most. What was delegated to them lasts as long as its giver has it, which nobody knows, so it is given on by
 * delegation only (`withDelegated`), which ends with it.
 */
export async function lastingAccess(
  tx: Tx,
  ctx: Context,
  until: Date | null,
  { withDelegated = false }: { withDelegated?: boolean } = {},
): Promise<EffectiveAccess> {
  const { kind, id } = ctx.actor;
  if (kind === "system") return ctx;
  const now = ctx.host.clock.now();
  const [subject] = await listAccess(tx, now, { kind, id });
  if (subject === undefined) return { permissions: new Set(), rowFilters: new Map() };
  const lasts = (endMs: number | null) => endMs === null || (until !== null && until.getTime() <= endMs);
  const given = subject.facts.given.filter(
    (role) => lasts(role.validUntilMs) && (withDelegated || role.delegatedBy === null),
  );
  return computeEffectiveAccess({ ...subject.facts, given }, now);
}
