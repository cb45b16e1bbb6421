import type { Budget, BudgetAmount } from "@finops/capabilities/budgets/contract";
import type { PlanRow } from "@finops/capabilities/budgets/planner";
import { Delta } from "@finops/ui/figures/delta";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { Dialog } from "@finops/ui/primitives/dialog";
import { TextField } from "@finops/ui/primitives/text-field";
import { useState } from "react";
import type { PlanState } from "./plan-draft.ts";
import { type PlanOutcome, useApplyPlan } from "./use-apply-plan.ts";

interface ApplyPlanProps {
  /** Those that are drafted. */
  budgets: readonly Budget[];
  rows: ReadonlyMap<string, PlanRow>;
  state: PlanState;
  /** What is kept, or waits for approval, is no draft any more. */
  onApplied: (ids: readonly string[]) => void;
  onClose: () => void;
}

const outcomeWords: Readonly<
  Record<PlanOutcome["kind"], { label: string; tone: "good" | "accent" | "warning" | "bad" }>
> = {
  applied: { label: "Applied", tone: "good" },
  waits: { label: "Waits for approval", tone: "accent" },
  overtaken: { label: "Somebody was faster", tone: "warning" },
  refused: { label: "Refused", tone: "bad" },
};

/** Makes ordinary changes of budgets out of a plan, with one reason, and says what became of each. */
export function ApplyPlan({ budgets, rows, state, onApplied, onClose }: ApplyPlanProps) {
  // What is applied leaves the draft and stays in this list.
  const [all] = useState(() =>
    budgets.map((budget) => {
      const words = amountWords(budget, state.draft[budget.id] ?? budget.amount);
      return { budget, words, row: rows.get(budget.id)! };
    }),
  );
  const [reason, setReason] = useState("");
  const { outcomes, isApplying, apply } = useApplyPlan(onApplied);
  const isDone = outcomes.size > 0 && !isApplying;
  const money = all.length === 1 ? "1 budget" : `${all.length} budgets`;
  return (
    <Dialog
      title={isDone ? `Tried to change ${money}` : `Change ${money}?`}
      isOpen
      onClose={() => !isApplying && onClose()}
      about={
        <div className="space-y-3">
          <ul aria-label="Changes" className="max-h-72 divide-y divide-line overflow-y-auto text-sm text-text-1">
            {all.map(({ budget, words, row }) => (
              <li key={budget.id} className="py-1.5">
                <div className="flex items-center justify-between gap-3">
                  <span className="min-w-0 truncate font-medium" dir="auto" title={budget.name}>
                    {budget.name}
                  </span>
                  <Outcome outcome={outcomes.get(budget.id)} row={row} currency={budget.currency} />
                </div>
                <p className="text-xs text-text-2">{words}</p>
                <Reason outcome={outcomes.get(budget.id)} />
              </li>
            ))}
          </ul>
          {!isDone && (
            <TextField
              label="Why they change, for who approves it or asks later"
              value={reason}
              maxLength={500}
              onChange={setReason}
            />
          )}
          {isDone && all.some(({ budget }) => isLeft(outcomes.get(budget.id))) && (
            <p className="text-sm">What was not changed stays in the plan.</p>
          )}
        </div>
      }
    >
      {isDone ? (
        <Button kind="primary" onClick={onClose}>
          Done
        </Button>
      ) : (
        <>
          <Button onClick={onClose} disabled={isApplying}>
            Go on planning
          </Button>
          <Button
            kind="primary"
            disabled={reason.trim() === "" || isApplying}
            onClick={() =>
              void apply(
                all.map(({ budget }) => budget),
                state,
                reason.trim(),
              )
            }
          >
            {isApplying ? `Changing ${outcomes.size + 1} of ${all.length}…` : "Apply the plan"}
          </Button>
        </>
      )}
    </Dialog>
  );
}

/** How its amount will be written, which may be another way than it was. */
function amountWords({ amount: kept, periods: { grain } }: Budget, amount: BudgetAmount): string {
  const each = grain === "custom" ? "period" : grain;
  if (amount.kind === "plan")
    return `${kept.kind === "plan" ? "A plan" : "Becomes a plan"} of ${amount.amounts.length} amounts`;
  if (amount.kind === "growing") return `Grows by ${amount.percent} % each ${each}`;
  return amount.kind === "fixed" ? `The same each ${each}` : "";
}

function isLeft(outcome: PlanOutcome | undefined): boolean {
  return outcome?.kind === "overtaken" || outcome?.kind === "refused";
}

function Outcome({ outcome, row, currency }: { outcome: PlanOutcome | undefined; row: PlanRow; currency: string }) {
  if (outcome !== undefined)
    return <Badge tone={outcomeWords[outcome.kind].tone}>{outcomeWords[outcome.kind].label}</Badge>;
  if (row.amount.equals(row.before)) return <span className="shrink-0 text-text-2">The same in sum</span>;
  return (
    <span className="shrink-0">
      <Delta now={row.amount.toString()} before={row.before.toString()} currency={currency} good="neither" />
    </span>
  );
}

function Reason({ outcome }: { outcome: PlanOutcome | undefined }) {
  return outcome === undefined || outcome.about === "" ? null : <p className="text-xs text-text-2">{outcome.about}</p>;
}
