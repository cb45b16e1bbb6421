import type { Context } from "@finops/platform/tenancy/context";
import { dayToColumn } from "@finops/platform/db/day-column";
import { commitUnder, type PublishOptions, underLease, waitForLease } from "./commit-under-lease.ts";
import { requireKept } from "./drop-old-generations.ts";
import { getPublication } from "./publication-log.ts";

/** Goes back to what an earlier entry of the log had published: a new entry, so that history only grows. */
export async function rollback(ctx: Context, position: bigint, options: PublishOptions = {}): Promise<bigint> {
  const { billingPeriod, generationId, versionIds } = await ctx.inTenant(async (tx) => {
    const entry = await getPublication(tx, ctx.tenantId, position);
    if (entry.generationId !== null) requireKept(await tx.generation.findMany({ where: { id: entry.generationId } }));
    return entry;
  });
  const lease = await waitForLease(ctx, billingPeriod, () => Promise.resolve([...versionIds]), options);
  return underLease(ctx, lease, options, () =>
    commitUnder(
      ctx,
      lease,
      { billingPeriod, generationId, kind: "rollback", versionIds, note: options.note ?? `back to ${position}` },
      async (tx) => {
        await tx.datasetVersion.updateMany({
          where: {
            billingPeriod: dayToColumn(billingPeriod),
            dataset: "costs",
            state: "published",
            id: { notIn: [...versionIds] },
          },
          data: { state: "rolled_back" },
        });
        await tx.datasetVersion.updateMany({ where: { id: { in: [...versionIds] } }, data: { state: "published" } });
      },
    ),
  );
}
