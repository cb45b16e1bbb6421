import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import type { Budget as BudgetRow } from "@finops/platform/db/generated/client";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Context } from "@finops/platform/tenancy/context";
import type { BudgetDefinition } from "./contract.ts";
import { keepVersion, updateBudget } from "./store.ts";

/**
 * Keeps what a budget has become by what it follows: as another version of it, which says why.
 * @param part what of its definition is another one, for the audit
 */
export async function keepFollowed(
  tx: Tx,
  ctx: Context,
  row: BudgetRow,
  { before, now, why, part }: { before: BudgetDefinition; now: BudgetDefinition; why: string; part: FollowedPart },
): Promise<void> {
  const { id, name, parentId, version, ownerId, ownerName } = row;
  const draft = { name, parentId, owner: { id: ownerId, name: ownerName }, definition: now };
  await updateBudget(tx, { id, version }, draft, ctx.actor, ctx.host.clock.now());
  await keepVersion(tx, id, why);
  await audit(tx, ctx, "budget.followed", {
    before: toJsonColumn({ id, name, ...part(before) }),
    after: toJsonColumn({ id, name, ...part(now) }),
  });
}

type FollowedPart = (definition: BudgetDefinition) => Partial<BudgetDefinition>;
