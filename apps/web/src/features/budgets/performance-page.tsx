import type { BudgetPerformance } from "@finops/capabilities/budgets/contract";
import { Card } from "@finops/ui/primitives/card";
import { Segments } from "@finops/ui/primitives/segments";
import { Tabs } from "@finops/ui/primitives/tabs";
import { Async } from "@finops/ui/states/async";
import { EmptyState } from "@finops/ui/states/empty-state";
import { Notice } from "@finops/ui/states/notice";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatCount } from "@finops/ui/text/format-figure";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Gauge } from "lucide-react";
import { Page } from "../../lib/page.tsx";
import { useMay } from "../../lib/session.ts";
import { AccuracyGrid } from "./accuracy-grid.tsx";
import { performanceQuery, useLiveBudgets } from "./budget-queries.ts";
import { type PerformanceSearch, readPerformanceSearch } from "./overview-search.ts";
import { BudgetsTabs } from "./budgets-tabs.tsx";
import { HistoryTable, RankingTable } from "./performance-tables.tsx";
import { QuartersChart } from "./quarters-chart.tsx";

const route = getRouteApi("/budgets/$id");

/** How well budgets were met: by who answers for them, quarter by quarter, and who is over now. */
export function PerformancePage() {
  useLiveBudgets();
  const search = readPerformanceSearch(route.useSearch());
  const { by = "owner", years = 1 } = search;
  const navigate = useNavigate();
  const maySee = useMay("costs:read");
  const performance = useQuery({ ...performanceQuery(by, years), enabled: maySee });
  const go = (patch: PerformanceSearch) =>
    void navigate({
      to: "/budgets/$id",
      params: { id: "performance" },
      search: { ...search, ...patch },
      replace: true,
    });
  return (
    <Page title="Budget performance" tools={<BudgetsTabs />}>
      {maySee ? (
        <Async
          of={performance}
          name="The performance"
          skeleton={<Skeleton className="h-96 w-full" />}
          isEmpty={({ budgets }) => budgets === 0}
          empty={<NoBudgets />}
        >
          {(found) => (
            <div className="space-y-4">
              <div className="flex flex-wrap items-center gap-3">
                <p className="mr-auto text-lg" data-testid="sentence">
                  {sentence(found)}
                </p>
                <Segments
                  label="Over"
                  value={String(years)}
                  options={[
                    { value: "1", label: "1 year" },
                    { value: "2", label: "2 years" },
                    { value: "5", label: "5 years" },
                  ]}
                  onChoose={(value) => go({ years: value === "1" ? undefined : value === "2" ? 2 : 5 })}
                />
              </div>
              {!found.isWhole && (
                <Notice tone="warning" title="Not everything is shown">
                  There is more than a page holds; the lists end early, and the newest and worst are in them. Choose a
                  shorter time to see less of it.
                </Notice>
              )}
              <div className="grid gap-4 xl:grid-cols-2">
                <Card
                  title="Accuracy by quarter"
                  about="How far actual costs ended from the limits, either way"
                  actions={
                    <Segments
                      label="By"
                      value={by}
                      options={[
                        { value: "owner", label: "Owner" },
                        { value: "team", label: "Top budget" },
                      ]}
                      onChoose={(value) => go({ by: value === "team" ? "team" : undefined })}
                    />
                  }
                >
                  <AccuracyGrid groups={found.groups} by={by} />
                </Card>
                <Card title="Spent against what was allowed" about="The budgets at the top of the trees">
                  <QuartersChart totals={found.totals} until={found.range.end} />
                </Card>
              </div>
              <Tabs
                label="Lists"
                value={search.show ?? "budgets"}
                onChoose={(id) => go({ show: id === "periods" ? "periods" : undefined })}
                tabs={[
                  { id: "budgets", label: "By budget", content: <RankingTable rows={found.ranking} /> },
                  { id: "periods", label: "Finished periods", content: <HistoryTable rows={found.history} /> },
                ]}
              />
            </div>
          )}
        </Async>
      ) : (
        <Notice tone="info" title="Budgets are for who sees costs.">
          Who has costs:read sees this page. An owner of the company can give it.
        </Notice>
      )}
    </Page>
  );
}

function sentence({ periods, over, overNow }: BudgetPerformance): string {
  const now =
    overNow === 0
      ? "no budget is over now"
      : `${formatCount(overNow)} ${overNow === 1 ? "budget is" : "budgets are"} over now`;
  if (periods === 0) return `No period with data is over yet; ${now}.`;
  const ended = `${formatCount(over)} of ${formatCount(periods)} finished ${periods === 1 ? "period" : "periods"}`;
  return `${ended} ended over the limit; ${now}.`;
}

function NoBudgets() {
  return (
    <div className="rounded-lg border border-line bg-surface-1">
      <EmptyState icon={<Gauge size={24} aria-hidden />} title="No budget yet">
        Once budgets have periods that are over, this shows how well they were met.{" "}
        <Link to="/budgets" className="text-accent underline">
          See the budgets
        </Link>
      </EmptyState>
    </div>
  );
}
