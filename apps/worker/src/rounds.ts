import type { Queue } from "@cloudflare/workers-types";
import { askForDueAlerts } from "@finops/capabilities/alerts/index";
import { askForDueBudgets } from "@finops/capabilities/budgets/index";
import { proveDomainsAgain } from "@finops/capabilities/companies/index";
import * as z from "zod";
import type { WorkerHost } from "./worker-host.ts";

/** Light work that comes back every few hours. What needs an engine is a work item, which a process with the role `worker` takes. */
export const Round = z.object({ round: z.enum(["domains", "budgets", "alerts"]) });
export type Round = z.infer<typeof Round>;

/** Each round is a message of its own: one that fails is tried again alone. */
export async function queueRounds(queue: Queue<Round>): Promise<void> {
  await queue.sendBatch(Round.shape.round.options.map((round) => ({ body: { round } })));
}

export async function goRound(host: WorkerHost, { round }: Round): Promise<void> {
  if (round === "domains") await proveDomainsAgain(host);
  else if (round === "budgets") await askForDueBudgets(host);
  else await askForDueAlerts(host);
}
