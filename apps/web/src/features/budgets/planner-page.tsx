import type { Budget, BudgetPlanner } from "@finops/capabilities/budgets/contract";
import type { Plan, PlannableBudget } from "@finops/capabilities/budgets/plan";
import { planRows } from "@finops/capabilities/budgets/planner";
import { Button } from "@finops/ui/primitives/button";
import { Async } from "@finops/ui/states/async";
import { EmptyState } from "@finops/ui/states/empty-state";
import { Notice } from "@finops/ui/states/notice";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatPeriod } from "@finops/ui/text/format-day";
import { formatCount } from "@finops/ui/text/format-figure";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { SlidersHorizontal, Undo2 } from "lucide-react";
import { useEffect, useMemo, useReducer, useState } from "react";
import { Page } from "../../lib/page.tsx";
import { useMay, useSession } from "../../lib/session.ts";
import { ApplyPlan } from "./apply-plan.tsx";
import { budgetsQuery, plannerQuery, useLiveBudgets } from "./budget-queries.ts";
import { BudgetsTabs } from "./budgets-tabs.tsx";
import { changePlan, keepPlan, readPlan } from "./plan-draft.ts";
import { readPlannerSearch } from "./overview-search.ts";
import { rangeOf } from "./plan-columns.ts";
import { PlanRange } from "./plan-range.tsx";
import { PlanTree } from "./plan-tree.tsx";

const route = getRouteApi("/budgets/$id");

/** What if: every budget with a slider, and what it does to those above and below it. */
export function PlannerPage() {
  useLiveBudgets();
  const session = useSession();
  const mayPlan = useMay("budgets:write");
  const budgets = useQuery({ ...budgetsQuery, enabled: mayPlan });
  const planner = useQuery({ ...plannerQuery, enabled: mayPlan });
  const both = {
    ...budgets,
    data:
      budgets.data === undefined || planner.data === undefined
        ? undefined
        : { budgets: budgets.data, planner: planner.data },
    error: budgets.error ?? planner.error,
    isFetching: budgets.isFetching || planner.isFetching,
    refetch: () => Promise.all([budgets.refetch(), planner.refetch()]),
  };
  return (
    <Page title="Budget planner" tools={<BudgetsTabs />}>
      {mayPlan ? (
        <Async
          of={both}
          name="The planner"
          skeleton={<Skeleton className="h-96 w-full" />}
          isEmpty={(found) => found.budgets.length === 0}
          empty={<NoBudgets />}
        >
          {(found) =>
            session.data?.signedIn === true && (
              <Planner {...found} owner={`${session.data.email} at ${session.data.company}`} />
            )
          }
        </Async>
      ) : (
        <Notice tone="info" title="The planner is for who makes budgets.">
          Who has budgets:write sees this page. An owner of the company can give it.
        </Notice>
      )}
    </Page>
  );
}

function Planner({ budgets, planner, owner }: { budgets: Budget[]; planner: BudgetPlanner; owner: string }) {
  const search = readPlannerSearch(route.useSearch());
  const navigate = useNavigate();
  const [state, act] = useReducer(changePlan, owner, readPlan);
  const [isApplying, setIsApplying] = useState(false);
  useEffect(() => keepPlan(owner, state), [owner, state]);
  const { today, fiscalYearStart, seesAll } = planner;
  const plannable = useMemo(() => budgets.map((budget) => toPlannable(budget, seesAll)), [budgets, seesAll]);
  const { start, end } = rangeOf(search, today, fiscalYearStart);
  const plan = useMemo(
    (): Plan => ({ budgets: plannable, draft: state.draft, range: { start, end }, today, fiscalYearStart }),
    [plannable, state.draft, start, end, today, fiscalYearStart],
  );
  const rows = useMemo(() => planRows(plan), [plan]);
  const drafted = budgets.filter(({ id }) => state.draft[id] !== undefined);
  const over = [...rows.values()].filter(({ cells }) =>
    cells.some((one) => one.children?.isOverAllocated === true),
  ).length;
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-center gap-3">
        <p className="mr-auto text-lg" data-testid="sentence" aria-live="polite">
          {sentence(formatPeriod(plan.range), drafted.length, over)}
        </p>
        <PlanRange
          search={search}
          range={plan.range}
          today={today}
          onChoose={(next) =>
            void navigate({ to: "/budgets/$id", params: { id: "planner" }, search: next, replace: true })
          }
        />
        <Button
          icon={<Undo2 size={16} aria-hidden />}
          disabled={state.past.length === 0}
          onClick={() => act({ do: "undo" })}
        >
          Undo
        </Button>
        <Button kind="primary" disabled={drafted.length === 0} onClick={() => setIsApplying(true)}>
          Apply…
        </Button>
      </div>
      {state.refused !== null && (
        <Notice tone="warning" title="Nothing was moved">
          {state.refused}
        </Notice>
      )}
      {state.left !== "0" && (
        <Notice tone="info" title={`${state.left} is left over`}>
          A fixed amount is the same in each period, so it comes in whole cents of all of them. Give the rest to a
          budget with a plan, or leave it unallocated.
        </Notice>
      )}
      {!seesAll && (
        <Notice tone="info" title="You see a part of the costs">
          Budgets below another one that you may not see are in no sum here.
        </Notice>
      )}
      <PlanTree budgets={budgets} planner={planner} plan={plan} rows={rows} versions={state.versions} act={act} />
      {isApplying && (
        <ApplyPlan
          budgets={drafted}
          rows={rows}
          state={state}
          onApplied={(ids) => act({ do: "drop", ids })}
          onClose={() => setIsApplying(false)}
        />
      )}
    </div>
  );
}

function sentence(when: string, drafted: number, over: number): string {
  const kept = drafted === 0 ? "nothing is changed yet" : `${formatCount(drafted)} drafted, and nothing kept yet`;
  if (over === 0) return `${when}: ${kept}. No budget gives away more than it has.`;
  return `${when}: ${kept}. ${formatCount(over)} ${over === 1 ? "budget gives" : "budgets give"} away more than there is.`;
}

function toPlannable({ id, name, parentId, mayChange, ...definition }: Budget, seesAll: boolean): PlannableBudget {
  const { amount } = definition;
  const locked = !mayChange
    ? "You may not change this budget."
    : amount.kind === "unit"
      ? `It follows the unit metric ${amount.metric.name}. Change its price on its own page.`
      : amount.kind === "children" && !seesAll
        ? "It is what the budgets below it come to, and you may not see all of them."
        : null;
  return { id, name, parentId, locked, definition };
}

function NoBudgets() {
  return (
    <div className="rounded-lg border border-line bg-surface-1">
      <EmptyState icon={<SlidersHorizontal size={24} aria-hidden />} title="No budget yet">
        Make budgets first; here one moves their amounts and sees what that does to those above and below.{" "}
        <Link to="/budgets" className="text-accent underline">
          See the budgets
        </Link>
      </EmptyState>
    </div>
  );
}
