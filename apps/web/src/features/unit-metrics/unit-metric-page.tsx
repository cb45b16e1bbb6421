import type { MetricValue, UnitMetric, ValueEntry } from "@finops/capabilities/unit-metrics/contract";
import { formatQuantity } from "@finops/kernel/format-quantity";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { Menu } from "@finops/ui/primitives/menu";
import { Async } from "@finops/ui/states/async";
import { EmptyState } from "@finops/ui/states/empty-state";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatInstant } from "@finops/ui/text/format-day";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Ellipsis, Pencil, Plus, Scale, Trash2 } from "lucide-react";
import { lazy, useState } from "react";
import { ApiProblem } from "../../lib/api.ts";
import { Beside } from "../../lib/beside.tsx";
import { ScopeText } from "../../lib/cost-filter/scope-field.tsx";
import { DeleteDialog } from "../../lib/delete-dialog.tsx";
import { DefinitionLine } from "../../lib/definition-line.tsx";
import { late } from "../../lib/late.tsx";
import { Page } from "../../lib/page.tsx";
import { useEdit } from "../../lib/use-edit.ts";
import { UnitMetricPanel } from "./unit-metric-panel.tsx";
import { metricValuesQuery, unitCostsQuery, unitMetricQuery, useChangeUnitMetric } from "./unit-metric-queries.ts";
import { aggregationWords, kindWords, monthWords, unitCostSentence } from "./unit-metric-words.ts";
import { ValuesCard } from "./values-card.tsx";
import { ValuesPanel } from "./values-panel.tsx";

const route = getRouteApi("/unit-metrics/$id");
// The chart and the table come while the figures are asked for.
const UnitCostsCard = late(
  lazy(async () => ({ default: (await import("./unit-costs-card.tsx")).UnitCostsCard })),
  "h-96",
);

/** One unit metric: what one costs, its values, and who wrote them. */
export function UnitMetricPage() {
  const { id } = route.useParams();
  const metric = useQuery(unitMetricQuery(id));
  if (metric.data !== undefined) return <Loaded key={id} metric={metric.data} />;
  return (
    <Page title="Unit metric" trail={<Trail />}>
      {metric.error instanceof ApiProblem && metric.error.code === "not_found" ? (
        <EmptyState icon={<Scale size={24} aria-hidden />} title="There is no such unit metric">
          Somebody may have deleted it.
        </EmptyState>
      ) : (
        <Async of={metric} name="The unit metric" skeleton={<Skeleton className="h-96 w-full" />}>
          {() => null}
        </Async>
      )}
    </Page>
  );
}

function Trail() {
  return (
    <Link to="/unit-metrics" className="text-xs text-text-2 hover:text-accent hover:underline">
      Unit costs
    </Link>
  );
}

function Loaded({ metric }: { metric: UnitMetric }) {
  const { id, version, mayChange } = metric;
  const search = route.useSearch();
  const edit = useEdit<"yes" | "values">();
  const [start, setStart] = useState("");
  const [isDeleting, setIsDeleting] = useState(false);
  const costs = useQuery(unitCostsQuery(id));
  const values = useQuery(metricValuesQuery(id));
  const write = useChangeUnitMetric(() => undefined);
  const openValues = (text: string) => {
    setStart(text);
    edit("values");
  };
  const remove = ({ month, kind }: MetricValue) =>
    write.mutate({ do: "write", id, input: { version, values: [{ month, quantity: null, kind }] } });
  const first = costs.data?.currencies[0];
  return (
    <Beside
      panel={
        mayChange &&
        (search.edit === "yes" ? (
          <UnitMetricPanel
            key={version}
            metric={metric}
            onClose={() => edit(undefined)}
            onDone={() => edit(undefined)}
          />
        ) : (
          search.edit === "values" && (
            <ValuesPanel key={start} metric={metric} start={start} onClose={() => edit(undefined)} />
          )
        ))
      }
    >
      <Page
        title={metric.name}
        trail={<Trail />}
        actions={
          mayChange && (
            <>
              <Button icon={<Pencil size={16} aria-hidden />} onClick={() => edit("yes")}>
                Change
              </Button>
              <Menu
                trigger={
                  <Button icon={<Ellipsis size={16} aria-hidden />} aria-label="More for this metric" title="More" />
                }
                groups={[
                  {
                    actions: [
                      {
                        id: "delete",
                        label: "Delete",
                        icon: <Trash2 size={14} aria-hidden />,
                        isDangerous: true,
                        onSelect: () => setIsDeleting(true),
                      },
                    ],
                  },
                ]}
              />
            </>
          )
        }
      >
        <div className="space-y-4">
          {first !== undefined && (
            <p className="text-lg" data-testid="sentence">
              {unitCostSentence(metric, first.currency, first.months)}
            </p>
          )}
          <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_360px]">
            <div className="min-w-0 space-y-4">
              <Async of={costs} name="The unit costs" skeleton={<Skeleton className="h-64 w-full" />}>
                {(shown) => <UnitCostsCard metric={metric} costs={shown} />}
              </Async>
              <Async of={values} name="The values" skeleton={<Skeleton className="h-64 w-full" />}>
                {(shown) => (
                  <ValuesCard
                    metric={metric}
                    values={shown.values}
                    write={
                      mayChange && (
                        <Button icon={<Plus size={16} aria-hidden />} onClick={() => openValues("")}>
                          Write values
                        </Button>
                      )
                    }
                    onChange={({ month, quantity, kind }) => openValues(`${month}\t${quantity}\t${kind}`)}
                    onRemove={remove}
                  />
                )}
              </Async>
            </div>
            <div className="min-w-0 space-y-4">
              <Definition metric={metric} />
              <Async of={values} name="The history" skeleton={<Skeleton className="h-32 w-full" />}>
                {(shown) => <History metric={metric} entries={shown.history} />}
              </Async>
            </div>
          </div>
        </div>
      </Page>
      {isDeleting && <DeleteMetric metric={metric} onClose={() => setIsDeleting(false)} />}
    </Beside>
  );
}

function Definition({ metric }: { metric: UnitMetric }) {
  return (
    <Card title="What it counts">
      <dl className="space-y-2 px-4 pb-4 text-sm">
        {metric.about !== "" && <DefinitionLine name="About">{metric.about}</DefinitionLine>}
        <DefinitionLine name="Unit">
          {metric.unitOne}, {metric.unitMany}
        </DefinitionLine>
        <DefinitionLine name={aggregationWords[metric.aggregation].label}>
          {aggregationWords[metric.aggregation].about}.
        </DefinitionLine>
        <DefinitionLine name="Costs that are divided by it">
          <ScopeText scope={metric.filter} />
        </DefinitionLine>
        <DefinitionLine name="Owner">{metric.owner.name}</DefinitionLine>
      </dl>
    </Card>
  );
}

const entriesShown = 12;

function History({ metric, entries }: { metric: UnitMetric; entries: readonly ValueEntry[] }) {
  if (entries.length === 0) return null;
  return (
    <Card title="Who wrote what">
      <ol aria-label="Written values" className="divide-y divide-line px-4 pb-4 text-sm">
        {entries.slice(0, entriesShown).map(({ month, quantity, kind, version, by, at }) => (
          <li key={`${month} ${version}`} className="py-1.5">
            {monthWords(month)}:{" "}
            {quantity === null
              ? "taken away"
              : `${formatQuantity(quantity)} ${metric.unitMany}, ${kindWords[kind].toLowerCase()}`}
            <span className="block text-xs text-text-2">
              <span dir="auto">{by.name}</span>, {formatInstant(at)}
            </span>
          </li>
        ))}
        {entries.length > entriesShown && (
          <li className="py-1.5 text-xs text-text-2">And {entries.length - entriesShown} more in the audit.</li>
        )}
      </ol>
    </Card>
  );
}

function DeleteMetric({ metric, onClose }: { metric: UnitMetric; onClose: () => void }) {
  const navigate = useNavigate();
  const remove = useChangeUnitMetric(() => void navigate({ to: "/unit-metrics" }));
  return (
    <DeleteDialog
      name={metric.name}
      about="Budgets that follow it stay with the quantities that they had last, and say so."
      isPending={remove.isPending}
      onDelete={() => remove.mutate({ do: "delete", id: metric.id, version: metric.version }, { onSettled: onClose })}
      onClose={onClose}
    />
  );
}
