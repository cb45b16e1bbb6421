import type { CostCatalog, CostRow } from "@finops/capabilities/costs/contract";
import type { CostView } from "@finops/capabilities/views/contract";
import { bucketsOf } from "@finops/kernel/buckets";
import type { Part } from "@finops/ui/charts/part";
import type { Series } from "@finops/ui/charts/series";
import { useMemo } from "react";
import { dimensionLabel } from "../cost-words.ts";
import { type ChartUnit, chartUnit } from "./chart-figures.ts";
import type { Answered } from "./cost-answers.ts";
import { partsOf, trendSeries, unitOf } from "./group-rows.ts";
import { measureOf } from "./measure-of.ts";
import { type Chart, possibleChart } from "./possible-chart.ts";

interface DrawingInput {
  view: CostView;
  catalog: CostCatalog;
  currency: string | null;
  /** Groups of the first level, of any currency. */
  groups: readonly CostRow[];
  trend: Answered | undefined;
  before: Answered | undefined;
}

/** A view's answers as what a chart draws: in one currency, in the measure's own unit. */
export interface Drawing {
  title: string;
  chart: Chart;
  unit: ChartUnit;
  groups: readonly CostRow[];
  parts: readonly Part[];
  series: readonly Series[];
  buckets: readonly string[];
  previous: readonly (string | null)[] | null;
}

export function useDrawing({ view, catalog, currency, groups, trend, before }: DrawingInput): Drawing {
  const [by] = view.groupBy;
  const measure = measureOf(catalog, view.measures[0]!);
  const rows = useMemo(() => groups.filter((row) => row.currency === currency), [groups, currency]);
  const unit = useMemo(() => {
    const units = new Set(rows.map((row) => unitOf(view.measures[0]!, row)));
    return chartUnit(measure, currency ?? "", units.size === 1 ? [...units][0]! : null);
  }, [measure, currency, rows, view.measures]);
  const parts = useMemo(
    () =>
      // What is drawn over time has series instead.
      (trend === undefined ? partsOf(rows, by, view.measures[0]!, view.top, measure.additive) : []).map((part) => ({
        ...part,
        value: unit.scale(part.value),
        before: unit.scale(part.before ?? null),
      })),
    [trend, rows, by, view.measures, view.top, measure.additive, unit],
  );
  const { asked } = trend ?? {};
  const buckets = useMemo(() => (asked === undefined ? [] : bucketsOf(asked.period, asked.grain ?? "day")), [asked]);
  const series = useMemo(
    () => seriesOf(trend, currency).map((one) => ({ ...one, values: one.values.map(unit.scale) })),
    [trend, currency, unit],
  );
  const previous = useMemo(
    () => previousOf(before, currency, buckets.length, unit),
    [before, currency, buckets.length, unit],
  );
  return useMemo(
    () => ({
      title: `${measure.label}${by === undefined ? "" : ` by ${dimensionLabel(by, catalog).toLowerCase()}`}`,
      chart: possibleChart(view.chart, measure),
      unit,
      groups: rows,
      parts,
      series,
      buckets,
      previous,
    }),
    [measure, by, catalog, view.chart, unit, rows, parts, series, buckets, previous],
  );
}

/** The parts of a trend in one currency. */
export function seriesOf(trend: Answered | undefined, currency: string | null): Series[] {
  if (trend === undefined) return [];
  const { answer, asked } = trend;
  const rows = answer.rows.filter((row) => row.currency === currency);
  return trendSeries(rows, asked, asked.groupBy?.[0], bucketsOf(asked.period, asked.grain ?? "day"));
}

/** Totals of the comparison, the first bucket beside the first, whatever their days. */
function previousOf(
  before: Answered | undefined,
  currency: string | null,
  count: number,
  unit: ChartUnit,
): (string | null)[] | null {
  if (before === undefined) return null;
  const { answer, asked } = before;
  const buckets = bucketsOf(asked.period, asked.grain ?? "day");
  const values = new Map(
    answer.rows
      .filter((row) => row.currency === currency && row.time !== null)
      .map((row) => [
        row.time!,
        (asked.runningTotal === true ? row.runningTotal : row.values)?.[asked.measures[0]!]?.value ?? null,
      ]),
  );
  if ([...values.values()].every((value) => value === null)) return null;
  return Array.from({ length: count }, (_, index) => unit.scale(values.get(buckets[index] ?? "") ?? null));
}
