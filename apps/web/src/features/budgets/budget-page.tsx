import type { Budget, BudgetPreview } from "@finops/capabilities/budgets/contract";
import { Money } from "@finops/ui/figures/money";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { Menu, type MenuAction } from "@finops/ui/primitives/menu";
import { Async } from "@finops/ui/states/async";
import { EmptyState } from "@finops/ui/states/empty-state";
import { Notice } from "@finops/ui/states/notice";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatDay, formatInstant, formatPeriod } from "@finops/ui/text/format-day";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { CalendarClock, Copy, Ellipsis, LayoutTemplate, Pencil, Target, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { ApiProblem } from "../../lib/api.ts";
import { Beside } from "../../lib/beside.tsx";
import { ScopeText } from "../../lib/cost-filter/scope-field.tsx";
import { DeleteDialog } from "../../lib/delete-dialog.tsx";
import { DefinitionLine } from "../../lib/definition-line.tsx";
import { Page } from "../../lib/page.tsx";
import { useEdit } from "../../lib/use-edit.ts";
import { writeView } from "../../lib/view-search.ts";
import { defaultView } from "@finops/capabilities/views/contract";
import { BudgetBar } from "./budget-bar.tsx";
import { BudgetComments, BudgetPast } from "./budget-past.tsx";
import { BudgetPanel } from "./budget-panel.tsx";
import { budgetQuery, outlookQuery, useChangeBudget, useLiveBudgets } from "./budget-queries.ts";
import {
  amountWords,
  grainWords,
  knownDays,
  measureWords,
  standingSentence,
  stateWords,
  unitsWords,
} from "./budget-words.ts";
import { BurnDownChart } from "./burn-down-chart.tsx";
import { CopyPanel } from "./copy-panel.tsx";
import { SaveTemplateDialog } from "./save-template-dialog.tsx";

const route = getRouteApi("/budgets/$id");

/** One budget: how it stands, day by day, and how it came to be what it is. */
export function BudgetPage() {
  useLiveBudgets();
  const { id } = route.useParams();
  const budget = useQuery(budgetQuery(id));
  if (budget.data !== undefined) return <Loaded key={id} budget={budget.data} />;
  return (
    <Page title="Budget" trail={<Trail />}>
      {budget.error instanceof ApiProblem && budget.error.code === "not_found" ? (
        <EmptyState icon={<Target size={24} aria-hidden />} title="There is no such budget">
          It was deleted, or it is about costs that you do not see.
        </EmptyState>
      ) : (
        <Async of={budget} name="The budget" skeleton={<Skeleton className="h-96 w-full" />}>
          {() => null}
        </Async>
      )}
    </Page>
  );
}

function Trail() {
  return (
    <Link to="/budgets" className="text-xs text-text-2 hover:text-accent hover:underline">
      Budgets
    </Link>
  );
}

function Loaded({ budget }: { budget: Budget }) {
  const search = route.useSearch();
  const navigate = useNavigate();
  const outlook = useQuery(outlookQuery(budget.id));
  const [isDeleting, setIsDeleting] = useState(false);
  const [isTemplate, setIsTemplate] = useState(false);
  const edit = useEdit<"yes" | "copy">();
  const schedule = () => void navigate({ to: "/reports/schedules", search: { edit: `new:budget:${budget.id}` } });
  const actions: MenuAction[] = [
    { id: "schedule", label: "Schedule", icon: <CalendarClock size={14} aria-hidden />, onSelect: schedule },
  ];
  if (budget.mayChange)
    actions.push(
      {
        id: "copy",
        label: "Copy to next year",
        icon: <Copy size={14} aria-hidden />,
        onSelect: () => edit("copy"),
      },
      {
        id: "template",
        label: "Save as template",
        icon: <LayoutTemplate size={14} aria-hidden />,
        onSelect: () => setIsTemplate(true),
      },
    );
  const remove: MenuAction = {
    id: "delete",
    label: "Delete",
    icon: <Trash2 size={14} aria-hidden />,
    isDangerous: true,
    onSelect: () => setIsDeleting(true),
  };
  return (
    <Beside
      panel={
        budget.mayChange &&
        (search.edit === "yes" ? (
          <BudgetPanel
            key={budget.version}
            budget={budget}
            onClose={() => edit(undefined)}
            onDone={() => edit(undefined)}
          />
        ) : (
          search.edit === "copy" && <CopyPanel id={budget.id} onClose={() => edit(undefined)} />
        ))
      }
    >
      <Page
        title={budget.name}
        trail={<Trail />}
        actions={
          <>
            {budget.mayChange && (
              <Button icon={<Pencil size={16} aria-hidden />} onClick={() => edit("yes")}>
                Change
              </Button>
            )}
            <Menu
              trigger={
                <Button icon={<Ellipsis size={16} aria-hidden />} aria-label="More for this budget" title="More" />
              }
              groups={[{ actions }, { actions: budget.mayChange ? [remove] : [] }]}
            />
          </>
        }
      >
        <div className="space-y-4">
          <Standing budget={budget} />
          <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_360px]">
            <div className="min-w-0 space-y-4">
              <Card title="Burn-down" about="What is left of the limit at the end of each day">
                <Async of={outlook} name="The burn-down" skeleton={<Skeleton className="m-4 h-64" />}>
                  {(shown) => <BurnDownChart outlook={shown} currency={budget.currency} />}
                </Async>
              </Card>
              <Async of={outlook} name="The periods" skeleton={<Skeleton className="h-32 w-full" />}>
                {(shown) => (shown.periods.length > 1 ? <Periods outlook={shown} currency={budget.currency} /> : null)}
              </Async>
              <BudgetComments id={budget.id} />
            </div>
            <div className="min-w-0 space-y-4">
              <Definition budget={budget} />
              <BudgetPast id={budget.id} currency={budget.currency} />
            </div>
          </div>
        </div>
      </Page>
      {isTemplate && <SaveTemplateDialog budget={budget} onClose={() => setIsTemplate(false)} />}
      {isDeleting && <DeleteBudget budget={budget} onClose={() => setIsDeleting(false)} />}
    </Beside>
  );
}

function Standing({ budget }: { budget: Budget }) {
  const { standing, currency } = budget;
  if (standing === null) return <Notice tone="info" title={standingSentence(budget)} />;
  const { change, children } = standing;
  const restated = change !== null && change.restated !== "0" ? change.restated : null;
  const money = (amount: string | null, missing = "There is no data yet.") => (
    <Money amount={amount} currency={currency} missing={missing} />
  );
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <p className="text-lg" data-testid="sentence">
          {standingSentence(budget)}
        </p>
        <Badge tone={stateWords[standing.state].tone} title={stateWords[standing.state].about}>
          {stateWords[standing.state].label}
        </Badge>
      </div>
      <BudgetBar standing={standing} />
      <dl className="grid grid-cols-2 gap-x-4 gap-y-3 rounded-lg border border-line bg-surface-1 p-4 md:grid-cols-4">
        <Figure name="Spent">
          <Link
            to="/explorer"
            search={writeView({
              ...defaultView,
              measures: [budget.measure],
              ...(budget.filter === null ? {} : { filter: budget.filter }),
              period: knownDays(standing),
              comparison: "none",
              currency,
            })}
            className="hover:text-accent hover:underline"
            title="Opens the explorer"
          >
            {money(standing.actual)}
          </Link>
        </Figure>
        <Figure name="Limit">{money(standing.limit, standing.limitMissing ?? "")}</Figure>
        <Figure name="Expected at the end">{money(standing.expected, standing.expectedMissing ?? "")}</Figure>
        <Figure name="Of it, fees still to come">{money(standing.committed)}</Figure>
        <Figure name="Spent evenly, by now">{money(standing.evenToDate, standing.limitMissing ?? "")}</Figure>
        <Figure name="Days left">{standing.daysLeft}</Figure>
        <Figure name="Each of them may cost">{money(standing.dailyAllowance, "The period is over.")}</Figure>
        <Figure name={change === null ? "Since the day before" : `Since ${formatDay(change.since, "day")}`}>
          {money(change?.actual ?? null, "It was not looked at on an earlier day of this period.")}
        </Figure>
      </dl>
      {restated !== null && (
        <Notice tone="info" title="Bills of earlier days say something else now.">
          {money(restated)} of the change comes from days that were in already.
        </Notice>
      )}
      {standing.otherCurrencies.length > 0 && (
        <Notice tone="warning" title={`Charges in ${standing.otherCurrencies.join(", ")} are not counted.`}>
          The budget is in {currency}, and currencies are never added.
        </Notice>
      )}
      {children !== null && (
        <Notice
          tone={children.isOverAllocated ? "warning" : "info"}
          title={
            children.isOverAllocated
              ? "The budgets below come to more than this one."
              : `The ${children.count === 1 ? "budget" : `${children.count} budgets`} below have a part of it.`
          }
        >
          {money(children.allocated)} is given to them; {money(children.unallocated)} is left to give.
          {children.untold > 0 &&
            ` Of ${children.untold} of them nobody can tell what they may cost; they are not counted.`}
        </Notice>
      )}
      <p className="text-xs text-text-2">
        Worked out {formatInstant(standing.evaluatedAt)} of what was published at position {standing.position}.
      </p>
    </>
  );
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-text-2">{name}</dt>
      <dd className="text-lg tabular-nums">{children}</dd>
    </div>
  );
}

function Periods({ outlook: { periods }, currency }: { outlook: BudgetPreview; currency: string }) {
  return (
    <Card title="Periods" about="What each left goes on into the next">
      <div className="overflow-x-auto px-4 pb-4">
        <table className="w-full text-sm tabular-nums">
          <thead className="text-left text-xs text-text-2">
            <tr>
              <th className="py-1 font-normal">Period</th>
              <th className="pl-4 text-right font-normal">Planned</th>
              <th className="pl-4 text-right font-normal">From before</th>
              <th className="pl-4 text-right font-normal">Limit</th>
              <th className="pl-4 text-right font-normal">Spent</th>
            </tr>
          </thead>
          <tbody>
            {periods.toReversed().map(({ period, base, carriedIn, limit, limitMissing, spent }) => (
              <tr key={period.start} className="border-t border-line">
                <td className="py-1.5 whitespace-nowrap">{formatPeriod(period)}</td>
                {[base, carriedIn, limit, spent].map((amount, index) => (
                  <td key={index} className="pl-4 text-right">
                    <Money
                      amount={amount}
                      currency={currency}
                      missing={index < 3 && limitMissing !== null ? limitMissing : "There is no data."}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Definition({ budget }: { budget: Budget }) {
  const { amount, currency, periods, rollover, measure, owner, watchers, notes, links, scope, isScopeGone } = budget;
  const rolls = { none: null, unused: "what is left", overspend: "what is over", both: "what is left or over" }[
    rollover.kind
  ];
  return (
    <Card title="What it allows">
      <dl className="space-y-2 px-4 pb-4 text-sm">
        {scope.kind !== "filter" && (
          <DefinitionLine name={scope.kind === "unit" ? "Unit" : "Saved view"}>
            {scope.name}
            {isScopeGone && (
              <span className="block text-xs text-text-2">
                {scope.kind === "unit"
                  ? "The unit was deleted; the budget stays with the costs that it had last."
                  : "The view was deleted, or is not shared any more; the budget stays with the costs that it had last."}
              </span>
            )}
          </DefinitionLine>
        )}
        <DefinitionLine name="Costs">
          <ScopeText scope={budget.filter} />
        </DefinitionLine>
        <DefinitionLine name="Measure">
          {measureWords[measure]}, {currency}
        </DefinitionLine>
        <DefinitionLine name={grainWords(periods)}>
          {[amountWords(amount, currency), unitsWords(amount, budget.standing)]
            .filter((words) => words !== null)
            .join(": ")}
        </DefinitionLine>
        {amount.kind === "unit" && (
          <DefinitionLine name="Unit metric">
            {amount.metric.isGone ? (
              <>
                {amount.metric.name}
                <span className="block text-xs text-text-2">
                  The unit metric was deleted; the budget stays with the quantities that it had last.
                </span>
              </>
            ) : (
              <Link
                to="/unit-metrics/$id"
                params={{ id: amount.metricId }}
                className="hover:text-accent hover:underline"
              >
                {amount.metric.name}
              </Link>
            )}
          </DefinitionLine>
        )}
        {rolls !== null && (
          <DefinitionLine name="Into the next period">
            {rolls}
            {rollover.cap !== null && (
              <>
                , at most <Money amount={rollover.cap} currency={currency} />
              </>
            )}
          </DefinitionLine>
        )}
        <DefinitionLine name="Owner">{owner.name}</DefinitionLine>
        {watchers.length > 0 && (
          <DefinitionLine name="Watchers">{watchers.map(({ name }) => name).join(", ")}</DefinitionLine>
        )}
        {notes !== "" && <DefinitionLine name="Notes">{notes}</DefinitionLine>}
        {links.map((link) => (
          <DefinitionLine key={link.url} name="See">
            <a href={link.url} rel="noreferrer noopener" target="_blank" className="text-accent underline">
              {link.title}
            </a>
          </DefinitionLine>
        ))}
      </dl>
    </Card>
  );
}

function DeleteBudget({ budget, onClose }: { budget: Budget; onClose: () => void }) {
  const navigate = useNavigate();
  const remove = useChangeBudget(() => void navigate({ to: "/budgets" }));
  return (
    <DeleteDialog
      name={budget.name}
      about="Nobody sees it any more. Its versions stay in the audit."
      isPending={remove.isPending}
      onDelete={() => remove.mutate({ do: "delete", id: budget.id, version: budget.version }, { onSettled: onClose })}
      onClose={onClose}
    />
  );
}
