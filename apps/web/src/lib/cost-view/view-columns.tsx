import type { CostAnswer, CostCatalog, CostRow } from "@finops/capabilities/costs/contract";
import { type CostView, keysOf, type ViewPlan } from "@finops/capabilities/views/contract";
import type { DataColumn } from "@finops/ui/table/column";
import type { ReactNode } from "react";
import { dimensionLabel, goodDirection } from "../cost-words.ts";
import { changeOf, changeRatioOf, groupLabel, unitOf } from "./group-rows.ts";
import { ChangeFigure, ChangePercent, MeasureFigure } from "./measure-figure.tsx";
import { measureOf } from "./measure-of.ts";

interface ColumnsInput {
  view: CostView;
  plan: Pick<ViewPlan, "comparison">;
  catalog: CostCatalog;
  currency: string;
  answer: CostAnswer;
  /** Makes a figure of a row a door; without it, it is only read. */
  door?: (row: CostRow, measure: CostView["measures"][number], figure: ReactNode) => ReactNode;
}

/** The columns of a view's groups: a name for each level, then every measure with what it changed by. */
export function viewColumns(input: ColumnsInput): DataColumn<CostRow>[] {
  const { view, catalog } = input;
  const levels = view.groupBy.length === 0 ? [undefined] : view.groupBy;
  return [
    ...levels.map((by): DataColumn<CostRow> => ({
      id: by ?? "all",
      header: by === undefined ? "Charges" : dimensionLabel(by, catalog),
      value: (row) => groupLabel(by, row),
      ...(by === view.groupBy[0] || by === undefined ? { total: "Total" } : {}),
    })),
    ...view.measures.flatMap((measure) => measureColumns(input, measure)),
  ];
}

/** What tells one row of an answer from the others, units among them. */
export function viewRowId(view: CostView, row: CostRow): string {
  return JSON.stringify([
    row.isOther,
    row.currency,
    ...view.groupBy.flatMap(keysOf).map((name) => row.key[name]),
    row.key,
  ]);
}

const kinds = { money: "money", percent: "percent", quantity: "count", count: "count" } as const;

function measureColumns(
  { view, plan, catalog, currency, answer, door }: ColumnsInput,
  measure: CostView["measures"][number],
): DataColumn<CostRow>[] {
  const { label, unit } = measureOf(catalog, measure);
  const good = goodDirection(measure);
  const total = answer.totals.find((one) => one.currency === currency);
  const [now, before] = [total?.values[measure], total?.comparison?.[measure]];
  const figure = (row: CostRow) => (
    <MeasureFigure
      unit={unit}
      figure={row.values[measure]}
      currency={currency}
      quantityUnit={unitOf(measure, row)}
      form="exact"
    />
  );
  const value: DataColumn<CostRow> = {
    id: measure,
    header: label,
    kind: kinds[unit],
    width: Math.max(136, widthFor(label)),
    value: (row) => row.values[measure]?.value ?? null,
    cell: (row) =>
      door === undefined || row.values[measure]?.value == null ? figure(row) : door(row, measure, figure(row)),
    total: <MeasureFigure unit={unit} figure={now} currency={currency} quantityUnit={null} form="exact" />,
  };
  if (plan.comparison === null) return [value];
  const isAlone = view.measures.length === 1;
  const name = isAlone ? "Change" : `Change of ${label.toLowerCase()}`;
  const percent: DataColumn<CostRow> = {
    id: `${measure} percent`,
    header: `${name} %`,
    kind: "percent",
    width: widthFor(`${name} %`),
    isMinor: true,
    value: (row) => changeRatioOf(row, measure),
    cell: (row) => (
      <ChangePercent now={row.values[measure]} before={row.comparison?.[measure]} {...{ currency, good }} />
    ),
    total: <ChangePercent {...{ now, before, currency, good }} />,
  };
  const change: DataColumn<CostRow> = {
    id: `${measure} change`,
    header: name,
    kind: kinds[unit],
    width: Math.max(136, widthFor(name)),
    isMinor: true,
    value: (row) => changeOf(row, measure),
    cell: (row) => (
      <ChangeFigure now={row.values[measure]} before={row.comparison?.[measure]} {...{ unit, currency, good }} />
    ),
    total: <ChangeFigure {...{ unit, now, before, currency, good }} />,
  };
  // Beside each other, measures leave room for one change each.
  if (unit !== "money") return [value, change];
  return isAlone ? [value, change, percent] : [value, percent];
}

/** Room for a header and the arrow of its order. */
function widthFor(header: string): number {
  return Math.round(header.length * 7) + 44;
}
