import { AppError } from "@finops/kernel/app-error";
import type { Day } from "@finops/kernel/period";
import { audit } from "@finops/platform/audit/audit";
import { dayToColumn } from "@finops/platform/db/day-column";
import type { Tx } from "@finops/platform/db/database";
import type { Context } from "@finops/platform/tenancy/context";
import { acquireLease, type BuildLease, releaseLease, renewLease, requireLease } from "./build-lease.ts";
import { cancelledBy } from "./cancelled.ts";
import { appendPublication, findCurrent, type NewPublication } from "./publication-log.ts";

const waitMaxMs = 15 * 60_000;
const defaultLeaseMs = 30_000;

export interface PublishOptions {
  signal?: AbortSignal;
  note?: string;
  /** How long a builder may be silent before another one takes its place. */
  leaseMs?: number;
}

/** Takes the lease together with the decision what to build, in one transaction; waits its turn while another builder works. */
export async function waitForLease(
  ctx: Context,
  billingPeriod: Day,
  choose: (tx: Tx, current: readonly string[]) => Promise<string[]>,
  { signal, leaseMs = defaultLeaseMs }: PublishOptions,
): Promise<BuildLease> {
  const deadline = performance.now() + waitMaxMs;
  for (;;) {
    cancelledBy(signal);
    const lease = await ctx.inTenant(async (tx) => {
      const taken = await acquireLease(tx, ctx.tenantId, {
        billingPeriod,
        holder: ctx.requestId,
        versionIds: [],
        leaseMs,
      });
      if (taken === null) return null;
      // Whoever published last gave the lease back in the same transaction, so from here on nothing can change what is current.
      const current = await findCurrent(tx, ctx.tenantId, billingPeriod);
      const versionIds = await choose(tx, current?.versionIds ?? []);
      await tx.buildLease.updateMany({
        where: { billingPeriod: dayToColumn(billingPeriod), token: taken.token },
        data: { versionIds },
      });
      return { ...taken, versionIds };
    });
    if (lease !== null) return lease;
    if (performance.now() > deadline)
      throw new AppError(
        "conflict",
        `Another import has been publishing ${billingPeriod.slice(0, 7)} for ${waitMaxMs / 60_000} minutes. Try again later.`,
      );
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Keeps the lease alive while the work runs, and gives it back when the work fails. */
export async function underLease<T>(
  ctx: Context,
  lease: BuildLease,
  { leaseMs = defaultLeaseMs }: PublishOptions,
  work: () => Promise<T>,
): Promise<T> {
  // A lost lease is found at the fence; a renewal that fails meanwhile changes nothing.
  const timer = setInterval(
    () => void ctx.inTenant((tx) => renewLease(tx, ctx.tenantId, lease, leaseMs)).catch(() => undefined),
    leaseMs / 3,
  );
  try {
    return await work();
  } catch (error) {
    // Where the database does not answer either, the lease runs out by itself.
    await ctx.inTenant((tx) => releaseLease(tx, ctx.tenantId, lease)).catch(() => undefined);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** Everything that becomes true with a publication, in one transaction under the fence. */
export function commitUnder(
  ctx: Context,
  lease: BuildLease,
  entry: Omit<NewPublication, "actor">,
  change: (tx: Tx) => Promise<void>,
): Promise<bigint> {
  return ctx.inTenant(async (tx) => {
    await requireLease(tx, ctx.tenantId, lease);
    await change(tx);
    const position = await appendPublication(tx, ctx.tenantId, { ...entry, actor: ctx.actor.name });
    await audit(tx, ctx, actions[entry.kind], {
      after: { billingPeriod: entry.billingPeriod, position: position.toString(), versions: [...entry.versionIds] },
    });
    await releaseLease(tx, ctx.tenantId, lease);
    return position;
  });
}

const actions = { publish: "period.published", remove: "period.removed", rollback: "period.rolled_back" } as const;
