import { AppError } from "@finops/kernel/app-error";
import type { Context } from "@finops/platform/tenancy/context";
import { pinPublished } from "@finops/pipeline/publish/pin-published";
import { parseCostQuery } from "@finops/warehouse/query/cost-query";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import type { ReadOptions } from "@finops/warehouse/query/cost-store";
import { getBudget, getBudgetOutlook } from "../budgets/index.ts";
import { accessOf, getCostCatalog } from "../costs/index.ts";
import type { ReportItem, ToldItem } from "../reports/contract.ts";
import { getReport, runReport, tellReport } from "../reports/index.ts";
import type { CostView } from "../views/contract.ts";
import { getView } from "../views/index.ts";
import { budgetCsv } from "./budget-csv.ts";
import { composeBudget } from "./compose-budget.ts";
import { type Answered, composeTold, dataOf } from "./compose-told.ts";
import type { ScheduleSubject } from "./contract.ts";
import { oneLine, type ReportDocument } from "./document.ts";
import { groupsOf, type ToldTable } from "./told-table.ts";

/** What a schedule tells at a moment, as its owner sees it. */
export interface Told extends Pick<ReportDocument, "sections" | "data"> {
  name: string;
  /** Where it is told whole, after the host's own address. */
  path: string;
  /** Its tables with every digit and all rows. */
  tables: readonly ToldTable[];
}

/** So many rows of a view are printed; as CSV it has all of them. */
const rowsMax = 1000;

/** Throws `not_found` or `forbidden` where the person sees it no longer. */
export async function tellSubject(
  ctx: Context,
  reader: CostReader,
  { kind, id }: ScheduleSubject,
  options: ReadOptions,
): Promise<Told> {
  if (kind === "budget") return tellBudget(ctx, reader, id, options);
  if (kind === "report") {
    const run = await runReport(ctx, reader, id, options);
    return { name: run.name, path: `/reports/${id}/runs/${run.number}`, ...toldParts(run.items) };
  }
  const { name, view } = await getView(ctx, id);
  return { name, path: `/explorer?saved=${id}`, ...(await tellView(ctx, reader, view, options)) };
}

/** What it is called; null where the person does not see it. */
export async function nameSubject(ctx: Context, { kind, id }: ScheduleSubject): Promise<string | null> {
  try {
    if (kind === "view") return (await getView(ctx, id)).name;
    return kind === "report" ? (await getReport(ctx, id)).name : (await getBudget(ctx, id)).name;
  } catch (error) {
    if (error instanceof AppError && (error.code === "not_found" || error.code === "forbidden")) return null;
    throw error;
  }
}

/** A view, saved or not, is told as a report of its figures, its chart and its table. */
export async function tellView(
  ctx: Context,
  reader: CostReader,
  view: CostView,
  options: ReadOptions,
): Promise<Pick<Told, "sections" | "data" | "tables">> {
  const { available } = await getCostCatalog(ctx, reader);
  const pinned = await pinPublished(ctx, view.asOf);
  const access = accessOf(ctx);
  const items: ReportItem[] = [
    { id: "figures", kind: "figure", title: "In all", view },
    ...(view.chart === "none" ? [] : [{ id: "chart", kind: "chart" as const, title: "", view }]),
    { id: "table", kind: "table", title: "", view, rowsMax },
  ];
  const moment = available === null ? null : { available, today: ctx.host.clock.today() };
  return toldParts(
    await tellReport(items, moment, (query) => reader.query(access, pinned, parseCostQuery(query), options)),
  );
}

function toldParts(items: readonly ToldItem[]): Pick<Told, "sections" | "data" | "tables"> {
  const sections = composeTold(items);
  const tables = items.flatMap((item, at) => {
    if (item.kind !== "table" || item.answer === null) return [];
    const section = sections[at]!;
    return [groupsOf("title" in section ? section.title : "Table", item as Answered)];
  });
  return { sections, data: dataOf(items), tables };
}

async function tellBudget(ctx: Context, reader: CostReader, id: string, options: ReadOptions): Promise<Told> {
  const budget = await getBudget(ctx, id);
  const outlook = await getBudgetOutlook(ctx, reader, id, options);
  return {
    name: budget.name,
    path: `/budgets/${id}`,
    sections: composeBudget(budget, outlook),
    data: `Read at position ${outlook.position} of the publication log.`,
    tables: [{ name: oneLine(budget.name), csv: budgetCsv(budget, outlook) }],
  };
}
