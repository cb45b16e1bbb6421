import type { Host } from "@finops/platform/host";
import type { JobHandler } from "@finops/platform/jobs/worker";
import { createSystemContext } from "@finops/platform/tenancy/context";
import { listTenants } from "@finops/platform/tenancy/tenants";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import type { CostStore } from "@finops/warehouse/query/cost-store";
import { evaluateCompany } from "./evaluation-service.ts";
import { areBudgetsDue, askForBudgets, readMoment } from "./store.ts";

/** Apart from imports, so that nobody's budgets wait behind somebody's year of bills. */
export const budgetsPool = "budgets";

/** The handler of `evaluate-budgets` work items, which the database queues after a publication and a change of a budget. */
export function evaluateBudgetsJob(host: Host, store: CostStore): JobHandler {
  const reader = new CostReader(store);
  return ({ claim, signal }) =>
    evaluateCompany(createSystemContext(host, claim.tenantId, "budgets", "job"), reader, { signal });
}

/** Asks for the budgets of companies where a new day has begun since they were worked out: it moves what is expected. */
export async function askForDueBudgets(host: Host): Promise<void> {
  for (const { id, state } of await listTenants(host.db)) {
    if (state !== "active") continue;
    await host.db.inTenant(id, async (tx) => {
      const { today } = await readMoment(tx, id, host.clock.now());
      if (await areBudgetsDue(tx, today)) await askForBudgets(tx, id);
    });
  }
}
