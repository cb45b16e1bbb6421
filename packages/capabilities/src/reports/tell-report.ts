import { AppError } from "@finops/kernel/app-error";
import { decimal } from "@finops/kernel/decimal";
import { type CostAnswer, parseCostQuery } from "@finops/warehouse/query/cost-query";
import { planView, type ViewMoment, type ViewPlan } from "../views/contract.ts";
import type { ReportItem, ToldItem } from "./contract.ts";

/** Answers a cost query from what is pinned for the whole report. */
export type Ask = (query: unknown) => Promise<CostAnswer>;

/**
 * The items with their figures. An item that cannot be answered says why and does not take the report with it; a stop of the
 * whole (a cancelled request) does. `moment` is null where the company has no costs at all.
 */
export async function tellReport(
  items: readonly ReportItem[],
  moment: ViewMoment | null,
  ask: Ask,
): Promise<ToldItem[]> {
  const told: ToldItem[] = [];
  // One after the other: a report must not take the store from people who look at a page.
  for (const item of items) told.push(await tellItem(item, moment, ask));
  return told;
}

async function tellItem(item: ReportItem, moment: ViewMoment | null, ask: Ask): Promise<ToldItem> {
  if (item.kind === "text") return item;
  const { id, kind, title, view } = item;
  if (moment === null) {
    const nothing = { grain: "day", period: { start: "1970-01-01", end: "1970-01-02" }, currency: null, answer: null };
    return { id, kind, title, view, ...nothing, missing: "No bill was imported yet." };
  }
  const plan = planView(view, moment);
  const head = { id, kind, title, view, grain: plan.grain, period: plan.period };
  try {
    const totals = await ask(parseCostQuery(plan.totals));
    if (totals.totals.every((total) => total.values["rowCount"]?.value === "0"))
      return { ...head, currency: null, answer: null, missing: "No charge lies within this filter and period." };
    if (item.kind === "figure") return { ...head, currency: null, answer: totals, missing: null };
    const currency = view.currency ?? mainCurrency(totals);
    const answer = await ask(parseCostQuery(detailQuery(item, plan, currency)));
    return { ...head, currency, answer, missing: null };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "internal" || error.code === "precondition") throw error;
    return { ...head, currency: null, answer: null, missing: error.message };
  }
}

/** Amounts of two currencies cannot be compared, so the one with the most charges stands first. */
function mainCurrency(totals: CostAnswer): string {
  const rows = (total: CostAnswer["totals"][number]) => decimal(total.values["rowCount"]?.value ?? "0");
  return totals.totals.toSorted((a, b) => rows(b).comparedTo(rows(a)))[0]!.currency;
}

function detailQuery(
  item: Extract<ReportItem, { kind: "chart" | "table" }>,
  plan: ViewPlan,
  currency: string,
): unknown {
  const ofCurrency = { dimension: "billingCurrency", is: currency };
  const query = item.kind === "chart" ? (plan.trend ?? { ...plan.groups, limit: item.view.top.count }) : plan.table;
  const filter = query.filter === undefined ? ofCurrency : { and: [query.filter, ofCurrency] };
  return { ...query, filter, ...(item.kind === "table" ? { limit: item.rowsMax } : {}) };
}
