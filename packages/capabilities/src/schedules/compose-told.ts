import { bucketsOf, type Grain } from "@finops/kernel/buckets";
import { decimal, parseDecimal } from "@finops/kernel/decimal";
import { formatDay, formatPeriod } from "@finops/kernel/format-day";
import { getDimension } from "@finops/warehouse/model/dimensions";
import type { CostAnswer, CostRow, Figure } from "@finops/warehouse/query/cost-query";
import type { ToldItem } from "../reports/contract.ts";
import { type CostView, formatFilterText, namedBy } from "../views/contract.ts";
import type { ChartData } from "../pictures/index.ts";
import { missingMark, oneLine, type PrintedFigure, type PrintedTable, type Section } from "./document.ts";
import { labelOf, printAmount, printChange, printFigure, printMark, unitOf } from "./print-figure.ts";

type ToldView = Extract<ToldItem, { view: unknown }>;
export type Answered = ToldView & { answer: CostAnswer };

const rowsMax = 1000;

/** What was told as people read it. A section that could not be told says why. */
export function composeTold(items: readonly ToldItem[]): Section[] {
  return items.map((item) => {
    if (item.kind === "text") return { kind: "text", text: item.text };
    const head = { title: titleOf(item), about: aboutTold(item) };
    const { answer } = item;
    if (answer === null) return { kind: "missing", ...head, reason: item.missing ?? "It could not be told." };
    const told: Answered = { ...item, answer };
    if (item.kind === "figure") return { kind: "figures", ...head, figures: figuresOf(told) };
    if (item.kind === "table") return { kind: "table", ...head, table: tableOf(told) };
    return { kind: "chart", ...head, chart: chartOf(told, head.title) };
  });
}

/** The data that items were read from: where the publication log stood, how many versions of bills, when the newest came. */
export function dataOf(items: readonly ToldItem[]): string {
  const answers = items.flatMap((item) => (item.kind === "text" || item.answer === null ? [] : [item.answer]));
  const position = answers[0]?.meta.position;
  if (position === undefined) return "No bill was read.";
  const versions = new Set(answers.flatMap(({ meta }) => meta.versions)).size;
  const freshAt = answers
    .flatMap(({ meta }) => meta.freshAt ?? [])
    .toSorted()
    .at(-1);
  const published = freshAt === undefined ? "" : `, the newest published ${freshAt.slice(0, 16).replace("T", " ")} UTC`;
  return `Read from ${versions} ${versions === 1 ? "version" : "versions"} of bills at position ${position} of the publication log${published}.`;
}

function titleOf({ title, kind, view }: ToldView): string {
  if (title !== "") return oneLine(title);
  return titleOfView(kind === "figure" ? { ...view, groupBy: [] } : view);
}

/** What a view shows, for one without a name. */
export function titleOfView({ measures, groupBy: [by] }: Pick<CostView, "measures" | "groupBy">): string {
  return `${labelOf(measures[0]!)}${by === undefined ? "" : ` by ${getDimension(by).label.toLowerCase()}`}`;
}

function aboutTold({ period, currency, view, answer }: ToldView): string {
  const before = answer?.comparisonPeriod ?? null;
  return [
    formatPeriod(period),
    ...(currency === null ? [] : [currency]),
    ...(view.basis === "billing" ? ["by billing period"] : []),
    ...(view.filter === undefined ? [] : [`where ${oneLine(formatFilterText(view.filter), 1000)}`]),
    ...(view.asOf === undefined ? [] : [`as of ${formatDay(view.asOf)}`]),
    ...(before === null ? [] : [`against ${formatPeriod(before)}`]),
  ].join(", ");
}

function figuresOf({ answer, view }: Answered): PrintedFigure[] {
  const charges = (total: CostAnswer["totals"][number]) => decimal(total.values["rowCount"]?.value ?? "0");
  // The currency with the most charges first, as on the screen.
  const totals = answer.totals
    .filter(({ currency }) => view.currency === undefined || view.currency === currency)
    .toSorted((a, b) => charges(b).comparedTo(charges(a)));
  return view.measures.flatMap((measure) =>
    totals.map(({ currency, values, comparison }) => ({
      label: totals.length === 1 ? labelOf(measure) : `${labelOf(measure)}, ${currency}`,
      value: printFigure(measure, values[measure], currency),
      missing: values[measure]?.missing ?? null,
      change: comparison === undefined ? null : printChange(measure, values[measure], comparison[measure], currency),
    })),
  );
}

function tableOf({ answer, view, currency, period }: Answered): PrintedTable {
  const code = currency ?? "";
  const reasons = new Set<string>();
  const cell = (measure: string, figure: Figure | undefined) => {
    if (figure?.missing !== undefined) reasons.add(`${missingMark} ${figure.missing}`);
    return printFigure(measure, figure, code) ?? missingMark;
  };
  const isCompared = answer.comparisonPeriod !== null;
  const measureCells = (row: Pick<CostRow, "values" | "comparison">) =>
    view.measures.flatMap((measure) => {
      const [now, before] = [row.values[measure], row.comparison?.[measure]];
      const change = isCompared ? [printChange(measure, now, before, code) ?? missingMark] : [];
      return [cell(measure, now), ...(unitOf(measure) === "money" ? change : [])];
    });
  const levels = view.groupBy.length === 0 ? [undefined] : view.groupBy;
  const rows = answer.rows
    .slice(0, rowsMax)
    .map((row) => [...levels.map((by) => groupLabel(by, row)), ...measureCells(row)]);
  const total = answer.totals.find((one) => one.currency === currency);
  const isCut = answer.nextCursor !== null || answer.rows.length > rowsMax;
  return {
    columns: [
      ...levels.map((by) => ({ label: by === undefined ? "Charges" : getDimension(by).label, isFigure: false })),
      ...view.measures.flatMap((measure) => [
        { label: labelOf(measure), isFigure: true },
        ...(isCompared && unitOf(measure) === "money" ? [{ label: "Change", isFigure: true }] : []),
      ]),
    ],
    rows,
    total: total === undefined ? null : ["Total", ...levels.slice(1).map(() => ""), ...measureCells(total)],
    notes: [
      ...reasons,
      ...(isCut ? [`The first ${rows.length} rows; the total is of all charges of ${formatPeriod(period)}.`] : []),
    ],
  };
}

/** What a group is called, by name and number where it has both. */
function groupLabel(by: string | undefined, row: Pick<CostRow, "key" | "isOther">): string {
  if (by === undefined) return "All charges";
  if (row.isOther) return "Other";
  const value = row.key[by] ?? null;
  if (value === null || value === "") return by.startsWith("tag:") ? "not tagged" : "not stated";
  const name = namedBy[by] === undefined ? null : row.key[namedBy[by]];
  return oneLine(name == null || name === "" || name === value ? value : `${name} (${value})`);
}

function chartOf(item: Answered, title: string): ChartData {
  const { answer, view, period } = item;
  const currency = item.currency ?? "";
  const measure = view.measures[0]!;
  const unit = unitOf(measure);
  const by = view.groupBy[0];
  const shown = (value: string) => printAmount(unit, value, currency);
  const isOverTime = ["area", "bars", "line", "heatmap"].includes(view.chart);
  const words = (named: readonly { label: string; shown: string }[]) =>
    `${title}, ${formatPeriod(period)}: ${named.map((one) => `${one.label} ${one.shown}`).join("; ")}.`;
  const common = { title, mark: (value: number) => printMark(unit, value, currency) };
  if (!isOverTime) {
    const parts = answer.rows.flatMap((row) => {
      const value = row.values[measure]?.value ?? null;
      return value === null ? [] : [{ label: groupLabel(by, row), value: toNumber(value), shown: shown(value) }];
    });
    return { ...common, kind: "ranking", parts, description: words(parts) };
  }
  const grain = item.grain as Grain;
  const buckets = bucketsOf(period, grain);
  const found = new Map<string, { isOther: boolean; values: (string | null)[] }>();
  for (const row of answer.rows) {
    const value = (view.runningTotal ? (row.runningTotal ?? row.values) : row.values)[measure]?.value ?? null;
    const place = row.time === null ? -1 : buckets.indexOf(row.time);
    if (value === null || place === -1) continue;
    const label = groupLabel(by, row);
    const one = found.get(label) ?? { isOther: row.isOther, values: buckets.map(() => null) };
    // An account that changed its name has two rows in a bucket.
    one.values[place] = parseDecimal(one.values[place] ?? "0")
      .plus(parseDecimal(value))
      .toString();
    found.set(label, one);
  }
  const isSummed = unit === "money" && !view.runningTotal;
  const series = [...found]
    .map(([label, { isOther, values }]) => {
      const known = values.filter((value) => value !== null);
      const sum = known.reduce((total, value) => total.plus(parseDecimal(value)), decimal("0"));
      return { label, isOther, sum, shown: shown(isSummed ? sum.toString() : known.at(-1)!), values };
    })
    .toSorted((a, b) => Number(a.isOther) - Number(b.isOther) || b.sum.comparedTo(a.sum))
    .map(({ label, shown: figure, values }) => ({
      label,
      shown: figure,
      values: values.map((value) => (value === null ? null : toNumber(value))),
    }));
  return {
    ...common,
    kind: isSummed && view.chart !== "line" ? "bars" : "lines",
    buckets: buckets.map((bucket) => bucketLabel(bucket, grain)),
    series,
    description: words(series),
  };
}

function bucketLabel(bucket: string, grain: Grain): string {
  const day = bucket.slice(0, 10);
  if (grain === "hour") return `${formatDay(day, "day")} ${bucket.slice(11, 16)}`;
  if (grain === "day" || grain === "week") return formatDay(day, "day");
  return grain === "year" ? day.slice(0, 4) : formatDay(day, "month-short");
}

/** For a picture alone, which has no digits. */
function toNumber(value: string): number {
  return parseDecimal(value).toNumber();
}
