import type { Budget, BudgetState } from "@finops/capabilities/budgets/contract";
import { parseDecimal } from "@finops/kernel/decimal";
import { Money } from "@finops/ui/figures/money";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { Async } from "@finops/ui/states/async";
import { EmptyState } from "@finops/ui/states/empty-state";
import { Notice } from "@finops/ui/states/notice";
import { Skeleton } from "@finops/ui/states/skeleton";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { formatPeriod } from "@finops/ui/text/format-day";
import { formatCount } from "@finops/ui/text/format-figure";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Plus, Target } from "lucide-react";
import { lazy, Suspense, useMemo } from "react";
import { Beside } from "../../lib/beside.tsx";
import { Page } from "../../lib/page.tsx";
import { useMay } from "../../lib/session.ts";
import { useEdit } from "../../lib/use-edit.ts";
import { BudgetLink } from "./budget-link.tsx";
import { BudgetBar } from "./budget-bar.tsx";
import { budgetsQuery, useLiveBudgets } from "./budget-queries.ts";
import { BudgetsTabs } from "./budgets-tabs.tsx";
import { stateWords, toTree, type TreeRow } from "./budget-words.ts";

// Most readers make no budget.
const BudgetPanel = lazy(async () => ({ default: (await import("./budget-panel.tsx")).BudgetPanel }));
const CopyPanel = lazy(async () => ({ default: (await import("./copy-panel.tsx")).CopyPanel }));

const route = getRouteApi("/budgets");

/** Every budget that one may see, as the tree that they make. */
export function BudgetsPage() {
  useLiveBudgets();
  const search = route.useSearch();
  const navigate = useNavigate();
  const maySee = useMay("costs:read");
  const mayMake = useMay("budgets:write");
  const budgets = useQuery({ ...budgetsQuery, enabled: maySee });
  const rows = useMemo(() => (budgets.data === undefined ? undefined : toTree(budgets.data)), [budgets.data]);
  const edit = useEdit<"yes" | "copy">();
  const make = mayMake && (
    <Button kind="primary" icon={<Plus size={16} aria-hidden />} onClick={() => edit("yes")}>
      New budget
    </Button>
  );
  return (
    <Beside
      panel={
        search.edit !== undefined &&
        mayMake && (
          <Suspense fallback={null}>
            {search.edit === "copy" ? (
              <CopyPanel id={null} onClose={() => edit(undefined)} />
            ) : (
              <BudgetPanel
                budget={null}
                onClose={() => edit(undefined)}
                onDone={({ id }) => void navigate({ to: "/budgets/$id", params: { id } })}
              />
            )}
          </Suspense>
        )
      }
    >
      <Page
        title="Budgets"
        tools={<BudgetsTabs />}
        actions={
          <>
            {mayMake && (rows ?? []).length > 0 && (
              <Button kind="quiet" onClick={() => edit("copy")}>
                Copy to next year
              </Button>
            )}
            {make}
          </>
        }
      >
        {maySee ? (
          <Async
            of={{ ...budgets, data: rows }}
            name="The budgets"
            skeleton={<Skeleton className="h-72 w-full" />}
            isEmpty={(all) => all.length === 0}
            empty={
              <div className="rounded-lg border border-line bg-surface-1">
                <EmptyState icon={<Target size={24} aria-hidden />} title="No budget yet" action={make}>
                  A budget says what a part of the costs may come to in a month, a quarter or a year, and whether it is
                  expected to. {!mayMake && "Who has budgets:write makes them; an owner of your company can give it."}
                </EmptyState>
              </div>
            }
          >
            {(all) => (
              <>
                <Sentence budgets={all.map(({ budget }) => budget)} />
                <section aria-label="Budgets" className="min-w-0 rounded-lg border border-line bg-surface-1">
                  <DataTable
                    label="Budgets"
                    rows={all}
                    columns={columns}
                    rowId={({ budget }) => budget.id}
                    onActivate={({ budget }) => void navigate({ to: "/budgets/$id", params: { id: budget.id } })}
                  />
                </section>
              </>
            )}
          </Async>
        ) : (
          <Notice tone="info" title="Budgets are for who sees costs.">
            Who has costs:read sees this page. An owner of the company can give it.
          </Notice>
        )}
      </Page>
    </Beside>
  );
}

/** What matters first: how many are over, and how many will be. */
function Sentence({ budgets }: { budgets: readonly Budget[] }) {
  const of = (state: BudgetState) => budgets.filter(({ standing }) => standing?.state === state).length;
  const [over, risk] = [of("exceeded"), of("at-risk")];
  const all = `${formatCount(budgets.length)} ${budgets.length === 1 ? "budget" : "budgets"}`;
  return (
    <p className="mb-4 text-lg" data-testid="sentence">
      {over === 0 ? `None of ${all} is over` : `${formatCount(over)} of ${all} ${over === 1 ? "is" : "are"} over`}
      {risk > 0 && `; ${formatCount(risk)} ${risk === 1 ? "is" : "are"} expected to end over`}.
    </p>
  );
}

const columns: DataColumn<TreeRow>[] = [
  {
    id: "name",
    header: "Budget",
    value: ({ budget }) => budget.name,
    cell: ({ budget, level }) => (
      <span className="flex min-w-0 items-center" style={{ paddingLeft: level * 20 }}>
        <BudgetLink id={budget.id} name={budget.name} />
      </span>
    ),
  },
  {
    id: "state",
    header: "State",
    width: 112,
    value: ({ budget: { standing } }) => (standing === null ? null : stateWords[standing.state].label),
    cell: ({ budget: { standing } }) =>
      standing === null ? (
        <Badge>Working it out</Badge>
      ) : (
        <Badge tone={stateWords[standing.state].tone} title={stateWords[standing.state].about}>
          {stateWords[standing.state].label}
        </Badge>
      ),
  },
  {
    id: "bar",
    header: "Spent and expected",
    about: "What is spent of the limit and, lighter, what is expected; the line is the limit",
    width: 180,
    isMinor: true,
    cell: ({ budget: { standing } }) =>
      standing === null ? null : (
        <span className="flex h-full w-full items-center">
          <BudgetBar standing={standing} />
        </span>
      ),
  },
  {
    id: "used",
    header: "Used",
    kind: "percent",
    value: ({ budget: { standing } }) =>
      standing?.usedPercent == null ? null : parseDecimal(standing.usedPercent).dividedBy(100).toString(),
  },
  amountColumn("actual", "Spent", "Nothing has come in yet.", ({ actual }) => actual),
  amountColumn("limit", "Limit", "Not worked out yet.", ({ limit }) => limit),
  amountColumn("expected", "Expected", "Nobody can tell yet.", ({ expected }) => expected),
  {
    id: "period",
    header: "Period",
    width: 136,
    isMinor: true,
    value: ({ budget: { standing } }) => standing?.period.start ?? null,
    cell: ({ budget: { standing } }) => (standing === null ? null : formatPeriod(standing.period)),
  },
  {
    id: "owner",
    header: "Owner",
    isHidden: true,
    value: ({ budget }) => budget.owner.name,
    cell: ({ budget }) => (
      <span className="truncate" dir="auto">
        {budget.owner.name}
      </span>
    ),
  },
];

function amountColumn(
  id: string,
  header: string,
  missing: string,
  of: (standing: NonNullable<Budget["standing"]>) => string | null,
): DataColumn<TreeRow> {
  const value = ({ budget: { standing } }: TreeRow) => (standing === null ? null : of(standing));
  return {
    id,
    header,
    kind: "money",
    value,
    cell: (row, form) => (
      <Money
        amount={value(row)}
        currency={row.budget.currency}
        missing={(id === "limit" ? row.budget.standing?.limitMissing : null) ?? missing}
        short={form === "compact"}
      />
    ),
    hasCompact: true,
  };
}
