import type { Host } from "@finops/platform/host";
import type { JobHandler } from "@finops/platform/jobs/worker";
import { createSystemContext } from "@finops/platform/tenancy/context";
import { listTenants } from "@finops/platform/tenancy/tenants";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import type { CostStore } from "@finops/warehouse/query/cost-store";
import { readMoment } from "../budgets/index.ts";
import type { DrawPng } from "./channels/channel-provider.ts";
import { climbDue } from "./climb-service.ts";
import { deliverDue } from "./delivery-service.ts";
import { digestDue } from "./digest-service.ts";
import { evaluateAlerts } from "./evaluation-service.ts";
import { areAlertsDue, askForAlerts } from "./store.ts";
import { wakeDue } from "./wake-service.ts";

/**
 * The handler of `evaluate-alerts` work items, which the database queues after a publication, budgets that were worked out, an
 * import that failed, and a change of a rule.
 */
export function evaluateAlertsJob(host: Host, store: CostStore): JobHandler {
  const reader = new CostReader(store);
  return ({ claim, signal }) =>
    evaluateAlerts(createSystemContext(host, claim.tenantId, "alerts", "job"), reader, { signal });
}

/** The handler of `deliver-alerts` work items, which are queued with what is to be told. */
export function deliverAlertsJob(host: Host, png?: DrawPng): JobHandler {
  return ({ claim, signal }) => deliverDue(createSystemContext(host, claim.tenantId, "alerts", "job"), { signal, png });
}

/** The handler of `tell-alerts` work items, which are queued once the time of a chain's step, of a snooze's end or of a digest has come. */
export function tellAlertsJob(host: Host): JobHandler {
  return async ({ claim, signal }) => {
    const ctx = createSystemContext(host, claim.tenantId, "alerts", "job");
    const woken = await wakeDue(ctx, signal);
    return { ...woken, ...(await climbDue(ctx, signal)), ...(await digestDue(ctx, signal)) };
  };
}

/** Asks for the rules of companies where a new day has begun since they were looked at: what is missing is told by time alone. */
export async function askForDueAlerts(host: Host): Promise<void> {
  for (const { id, state } of await listTenants(host.db)) {
    if (state !== "active") continue;
    await host.db.inTenant(id, async (tx) => {
      const { today } = await readMoment(tx, id, host.clock.now());
      if (await areAlertsDue(tx, today)) await askForAlerts(tx, id);
    });
  }
}

/** Asks for what waited until now: for the end of quiet hours, for its next attempt, or for who took it and died. */
export async function askForDueDeliveries(host: Host): Promise<void> {
  await host.db.inDirectory((tx) => tx.$queryRaw`select ask_for_due_deliveries(${host.clock.now()})::text`);
}

/** Asks for steps of chains, ends of snoozes and digests whose time has come. */
export async function askForDueTelling(host: Host): Promise<void> {
  await host.db.inDirectory((tx) => tx.$queryRaw`select ask_for_due_telling(${host.clock.now()})::text`);
}
