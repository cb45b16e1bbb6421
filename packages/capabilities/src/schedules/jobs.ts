import type { Host } from "@finops/platform/host";
import type { JobHandler } from "@finops/platform/jobs/worker";
import { type Context, createSystemContext } from "@finops/platform/tenancy/context";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import type { CostStore } from "@finops/warehouse/query/cost-store";
import { deliverRuns } from "./deliver-runs-service.ts";
import { makeRun, type MakingParts } from "./make-run-service.ts";
import { takeRun } from "./take-run-service.ts";

/** The handler of `send-schedules` work items, for hosts that can print. */
export function sendSchedulesJob(
  host: Host,
  store: CostStore,
  { exporter, printer }: Omit<MakingParts, "reader">,
): JobHandler {
  const parts = { reader: new CostReader(store), exporter, printer };
  return ({ claim, signal }) =>
    sendSchedules(createSystemContext(host, claim.tenantId, "schedules", "job"), parts, signal);
}

/** Makes what is due in a company, and sends it and what waited. */
export async function sendSchedules(
  ctx: Context,
  parts: MakingParts,
  signal?: AbortSignal,
): Promise<{ made: number; sent: number; failed: number }> {
  let made = 0;
  for (;;) {
    signal?.throwIfAborted();
    const taken = await ctx.inTenant((tx) => takeRun(tx, ctx));
    if (taken === null) break;
    if (taken === "waiting") continue;
    await makeRun(ctx, parts, taken, signal);
    made += 1;
  }
  return { made, ...(await deliverRuns(ctx, signal)) };
}
