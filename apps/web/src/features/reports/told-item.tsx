import type { CostAnswer, CostCatalog, CostQueryInput } from "@finops/capabilities/costs/contract";
import type { ToldItem } from "@finops/capabilities/reports/contract";
import { keysOf } from "@finops/capabilities/views/contract";
import type { Grain } from "@finops/kernel/buckets";
import { ChartFrame } from "@finops/ui/charts/chart-frame";
import { formatPeriod } from "@finops/ui/text/format-day";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { dimensionLabel } from "../../lib/cost-words.ts";
import { ChartTable } from "../../lib/cost-view/chart-table.tsx";
import { drawable } from "../../lib/cost-view/use-view-answers.ts";
import { useDrawing } from "../../lib/cost-view/use-drawing.ts";
import { ViewChart } from "../../lib/cost-view/view-chart.tsx";
import { ViewFigures } from "../../lib/cost-view/view-figures.tsx";
import { writeView } from "../../lib/view-search.ts";
import { itemName } from "./item-edits.ts";
import { Paragraphs } from "./paragraphs.tsx";
import { ToldTable } from "./told-table.tsx";

type ToldView = Extract<ToldItem, { view: unknown }>;
type Answered = ToldView & { answer: CostAnswer };

interface ToldItemViewProps {
  item: ToldItem;
  ranAt: string;
  catalog: CostCatalog;
}

/** An item as it was told, from its kept answer and from nothing else. */
export function ToldItemView({ item, ranAt, catalog }: ToldItemViewProps) {
  if (item.kind === "text") return <Paragraphs text={item.text} />;
  const { answer } = item;
  if (answer === null)
    return (
      <section aria-label={itemName(item)}>
        <Head item={item} />
        <p className="text-sm text-text-2">{item.missing ?? "It could not be told."}</p>
      </section>
    );
  const told = { ...item, answer };
  if (item.kind === "chart") return <ToldChart item={told} ranAt={ranAt} catalog={catalog} />;
  return (
    <section aria-label={itemName(item)} className="break-inside-avoid-page">
      <Head item={item} />
      {item.kind === "figure" ? (
        <ViewFigures
          view={item.view}
          plan={{ period: item.period, comparison: answer.comparisonPeriod }}
          catalog={catalog}
          answer={answer}
          measures={item.view.measures}
          isFrozen
        />
      ) : (
        <ToldTable item={told} catalog={catalog} />
      )}
    </section>
  );
}

function Head({ item }: { item: ToldView }) {
  return (
    <header className="mb-2 flex flex-wrap items-baseline justify-between gap-x-4">
      <h3 className="min-w-0 text-lg font-semibold break-words" dir="auto">
        {itemName(item)}
      </h3>
      <p className="text-xs text-text-2">
        {aboutTold(item)} <NowLink item={item} />
      </p>
    </header>
  );
}

function NowLink({ item }: { item: ToldView }) {
  return (
    <Link
      to="/explorer"
      search={writeView(item.view) as never}
      aria-label={`${itemName(item)} of now, in the explorer`}
      className="ml-1 text-accent underline underline-offset-2 print:hidden"
    >
      Now
    </Link>
  );
}

function aboutTold({ period, currency, view }: ToldView): string {
  return `${formatPeriod(period)}${currency === null ? "" : `, ${currency}`}${view.basis === "billing" ? ", by billing period" : ""}`;
}

function ToldChart({ item, ranAt, catalog }: { item: Answered; ranAt: string; catalog: CostCatalog }) {
  const { answer, period, currency } = item;
  const view = useMemo(() => drawable(item.view, "chart"), [item.view]);
  const grain = item.grain as Grain;
  const isOverTime = ["area", "bars", "line", "heatmap"].includes(view.chart);
  const [by] = view.groupBy;
  const trend = useMemo(() => {
    const asked: CostQueryInput = {
      measures: view.measures.slice(0, 1),
      period,
      grain,
      groupBy: by === undefined ? [] : keysOf(by),
      runningTotal: view.runningTotal,
    };
    return { answer, asked };
  }, [answer, view, period, grain, by]);
  const drawing = useDrawing({
    view,
    catalog,
    currency,
    groups: answer.rows,
    trend: isOverTime ? trend : undefined,
    before: undefined,
  });
  const day = ranAt.slice(0, 10);
  const title = itemName(item);
  return (
    <div className="break-inside-avoid-page">
      <ChartFrame
        title={title}
        about={`${drawing.title}, ${aboutTold(item)}`}
        height={280}
        legend={isOverTime ? drawing.series.map(({ label, colour }) => ({ label, colour })) : []}
        actions={<NowLink item={item} />}
        table={
          <ChartTable
            label={title}
            grain={grain}
            unit={drawing.unit.currency}
            by={by === undefined ? "All" : dimensionLabel(by, catalog)}
            {...(isOverTime ? { series: drawing.series, buckets: drawing.buckets } : { parts: drawing.parts })}
          />
        }
      >
        {(height) => (
          <ViewChart
            view={view}
            plan={{ period, grain, comparison: null }}
            // What had not happened when it was told is hatched, as it was then.
            moment={{ today: day, available: { start: period.start, end: day } }}
            drawing={drawing}
            description={`${title}: ${drawing.title}, ${formatPeriod(period)}${isOverTime ? `, by ${grain}` : ""}.`}
            height={height}
          />
        )}
      </ChartFrame>
    </div>
  );
}
