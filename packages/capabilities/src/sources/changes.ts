import { AppError } from "@finops/kernel/app-error";
import { requirePermission } from "@finops/platform/access/require-permission";
import type { ChangeKind, PolicyInfo } from "@finops/platform/approvals/change-kind";
import { columnToDay } from "@finops/platform/db/day-column";
import * as z from "zod";
import { rollBackPeriod } from "./service.ts";

/** What of bills a company can have approved. */
export const sourcePolicies: readonly PolicyInfo[] = [
  { key: "bill-rollbacks", about: "Make an earlier state of a month's bills current again" },
];

export const RollbackInput = z.strictObject({ position: z.string() });

export const rollbackChange: ChangeKind<z.infer<typeof RollbackInput>, { position: string }> = {
  key: "bills.roll-back",
  policy: "bill-rollbacks",
  payload: RollbackInput,
  apply: async (ctx, { position }) => ({ result: await rollBackPeriod(ctx, position) }),
  // Publishing takes a lease and several transactions, so it is not tried, but looked at.
  async check(ctx, { position }) {
    requirePermission(ctx, "imports:write");
    const entry = /^\d{1,18}$/.test(position)
      ? await ctx.inTenant((tx) => tx.publication.findFirst({ where: { position: BigInt(position) } }))
      : null;
    if (entry === null) throw new AppError("not_found", "There is no such entry in the publication log.");
    const month = columnToDay(entry.billingPeriod).slice(0, 7);
    return `Go back to the state of the bills of ${month} at position ${position}.`;
  },
};

export const sourceChanges = [rollbackChange] as const;
