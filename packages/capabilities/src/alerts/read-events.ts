import type { Day } from "@finops/kernel/period";
import type { Tx } from "@finops/platform/db/database";
import { listWaitingChanges } from "../approvals/index.ts";
import { listIncompleteBills } from "../sources/index.ts";
import { listMissingQuantities } from "../unit-metrics/index.ts";
import type { Condition, EventSource } from "./contract.ts";
import type { EventFacts, HeldEvent } from "./observe-events.ts";

/**
 * Who tells of what. A capability that has something to tell adds itself here, its name to `eventSources` of the contract, and has
 * the database call `ask_for_alerts` when it moves.
 */
const sources: Readonly<Record<EventSource, (tx: Tx, now: Date, today: Day) => Promise<readonly HeldEvent[]>>> = {
  approvals: (tx, now) => listWaitingChanges(tx, now),
  bills: (tx, now) => listIncompleteBills(tx, now),
  "unit-metrics": (tx, _, today) => listMissingQuantities(tx, today),
};

/** What the sources tell that some condition looks at. */
export async function readEvents(tx: Tx, conditions: readonly Condition[], now: Date, today: Day): Promise<EventFacts> {
  const facts: Partial<Record<EventSource, readonly HeldEvent[]>> = {};
  for (const condition of conditions)
    if (condition.kind === "event") facts[condition.source] ??= await sources[condition.source](tx, now, today);
  return facts;
}
