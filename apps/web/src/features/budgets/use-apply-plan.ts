import type { WaitingChange } from "@finops/capabilities/approvals/contract";
import type { Budget, BudgetChange } from "@finops/capabilities/budgets/contract";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiProblem } from "../../lib/api.ts";
import { changeRequestsKey } from "../../lib/change-requests.ts";
import { isWaiting } from "../../lib/use-approved-change.ts";
import { budgetsKey, sendBudgetChange } from "./budget-queries.ts";
import type { PlanState } from "./plan-draft.ts";

/** What became of one budget of a plan. */
export interface PlanOutcome {
  kind: "applied" | "waits" | "overtaken" | "refused";
  about: string;
}

/** Changes the budgets of a plan one after the other; what cannot be changed stays drafted. */
export function useApplyPlan(onApplied: (ids: readonly string[]) => void) {
  const client = useQueryClient();
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, PlanOutcome>>(new Map());
  const [isApplying, setIsApplying] = useState(false);
  const apply = async (budgets: readonly Budget[], { draft, versions }: PlanState, reason: string) => {
    setIsApplying(true);
    const found = new Map<string, PlanOutcome>();
    for (const budget of budgets) {
      const amount = draft[budget.id]!;
      found.set(budget.id, await change(budget, { amount, version: versions[budget.id] ?? budget.version, reason }));
      setOutcomes(new Map(found));
    }
    onApplied([...found].filter(([, { kind }]) => kind === "applied" || kind === "waits").map(([id]) => id));
    setIsApplying(false);
    await client.invalidateQueries({ queryKey: budgetsKey });
    await client.invalidateQueries({ queryKey: changeRequestsKey });
  };
  return { outcomes, isApplying, apply };
}

async function change(
  budget: Budget,
  planned: Pick<BudgetChange, "amount" | "version" | "reason">,
): Promise<PlanOutcome> {
  try {
    const answer = await sendBudgetChange(budget.id, { ...changeOf(budget), ...planned });
    return isWaiting(answer) ? { kind: "waits", about: approvers(answer) } : { kind: "applied", about: "" };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isOvertaken = error instanceof ApiProblem && error.code === "conflict";
    return { kind: isOvertaken ? "overtaken" : "refused", about: error.message };
  }
}

/** The budget as it is, as a change wants it. */
function changeOf({
  name,
  filter,
  scope,
  measure,
  currency,
  periods,
  rollover,
  parentId,
  watchers,
  notes,
  links,
}: Budget): Omit<BudgetChange, "amount" | "version" | "reason"> {
  const watcherIds = watchers.map(({ id }) => id);
  const costs =
    scope.kind === "filter" ? { filter, scope } : { filter: null, scope: { kind: scope.kind, id: scope.id } };
  return { name, ...costs, measure, currency, periods, rollover, parentId, watcherIds, notes, links };
}

function approvers({ request: { peopleNeeded } }: WaitingChange): string {
  return peopleNeeded === 1 ? "Another person approves it." : `${peopleNeeded} other people approve it.`;
}
