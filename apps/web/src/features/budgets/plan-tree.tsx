import type { Budget, BudgetPlanner } from "@finops/capabilities/budgets/contract";
import { type Plan, type PlannableBudget, type PlanMove } from "@finops/capabilities/budgets/plan";
import { type PlanRow, turnedByMove } from "@finops/capabilities/budgets/planner";
import { ChevronDown, ChevronRight } from "lucide-react";
import { type Dispatch, useMemo, useState } from "react";
import { toTree } from "./budget-words.ts";
import type { PlanAction } from "./plan-draft.ts";
import { PlanMonths } from "./plan-cells.tsx";
import { monthsIn } from "./plan-columns.ts";
import { PlanLine } from "./plan-line.tsx";
import { PlanTurnsDialog } from "./plan-turns-dialog.tsx";

/** Trees of more budgets than this start closed. */
const openMax = 60;

interface PlanTreeProps {
  budgets: readonly Budget[];
  planner: BudgetPlanner;
  plan: Plan;
  rows: ReadonlyMap<string, PlanRow>;
  versions: Readonly<Record<string, number>>;
  act: Dispatch<PlanAction>;
}

/** Every level of the tree, each budget a line. */
export function PlanTree({ budgets, planner, plan, rows, versions, act }: PlanTreeProps) {
  const tree = useMemo(() => toTree(budgets), [budgets]);
  const parents = useMemo(() => new Set(budgets.map(({ parentId }) => parentId)), [budgets]);
  const [shut, setShut] = useState<ReadonlySet<string>>(
    () => new Set(budgets.length > openMax ? budgets.map(({ id }) => id) : []),
  );
  const months = useMemo(() => monthsIn(plan.range), [plan.range]);
  const [wanted, setWanted] = useState(0);
  const shown = Math.min(wanted, months.length - 1);
  const [asked, setAsked] = useState<{ turned: PlannableBudget[]; goOn: () => void } | null>(null);
  const now = useMemo(() => Object.fromEntries(budgets.map(({ id, version }) => [id, version])), [budgets]);
  const toggle = (id: string) => {
    const next = new Set(shut);
    if (!next.delete(id)) next.add(id);
    setShut(next);
  };
  const move = (gesture: string | null, by: (plan: Plan) => PlanMove) => {
    const goOn = () => act({ do: "move", gesture, versions: now, by: (draft) => by({ ...plan, draft }) });
    const turned = turnedByMove(plan, by(plan));
    if (turned.length === 0) goOn();
    else setAsked({ turned, goOn });
  };
  const lines: typeof tree = [];
  let hiddenBelow: number | null = null;
  for (const row of tree) {
    if (hiddenBelow !== null && row.level > hiddenBelow) continue;
    hiddenBelow = shut.has(row.budget.id) ? row.level : null;
    lines.push(row);
  }
  return (
    <section aria-label="Plan" className="min-w-0 overflow-x-auto rounded-lg border border-line bg-surface-1">
      <PlanMonths months={months} shown={shown} onShow={setWanted} />
      <ul className="divide-y divide-line">
        {lines.map(({ budget, level }) => {
          const isShut = shut.has(budget.id);
          return (
            <PlanLine
              key={budget.id}
              budget={budget}
              level={level}
              row={rows.get(budget.id)!}
              plan={plan}
              planner={planner}
              months={months}
              shown={shown}
              isOvertaken={plan.draft[budget.id] !== undefined && versions[budget.id] !== budget.version}
              move={move}
              act={act}
              fold={
                parents.has(budget.id) && (
                  <button
                    type="button"
                    aria-expanded={!isShut}
                    aria-label={`${isShut ? "Show" : "Hide"} what is below ${budget.name}`}
                    onClick={() => toggle(budget.id)}
                    className="rounded-sm p-0.5 text-text-3 hover:bg-surface-3 hover:text-text-1"
                  >
                    {isShut ? <ChevronRight size={16} aria-hidden /> : <ChevronDown size={16} aria-hidden />}
                  </button>
                )
              }
            />
          );
        })}
      </ul>
      {asked !== null && (
        <PlanTurnsDialog
          budgets={asked.turned}
          onGoOn={() => {
            asked.goOn();
            setAsked(null);
          }}
          onClose={() => setAsked(null)}
        />
      )}
    </section>
  );
}
