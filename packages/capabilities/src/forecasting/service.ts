import { AppError } from "@finops/kernel/app-error";
import { type Decimal, sum } from "@finops/kernel/decimal";
import { toExactAmount } from "@finops/kernel/exact-amount";
import { addDays, addMonths, monthOf, type Period } from "@finops/kernel/period";
import { requirePermission } from "@finops/platform/access/require-permission";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostAnswer, CostFilter } from "@finops/warehouse/query/cost-query";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import type { ReadOptions } from "@finops/warehouse/query/cost-store";
import { accessOf, queryCosts } from "../costs/index.ts";
import { type ExpectedCost, ExpectedCostRequest } from "./contract.ts";
import { type DayCost, toDailyCosts } from "./daily-costs.ts";
import { type ExpectedMonthEnd, expectedMonthEnd } from "./expected-month-end.ts";

/** Twelve months to learn the error from, and the history that the first of them needs. */
const monthsBack = 14;
/** Smaller series join as one: they move the sum by less than the noise of the larger. */
const seriesMax = 60;
const keptMax = 64;

/** What a month is expected to have cost when it is over, for any filter, with the range that past months tell. */
export async function expectCost(
  ctx: Context,
  reader: CostReader,
  input: unknown,
  options: ReadOptions = {},
): Promise<ExpectedCost> {
  requirePermission(ctx, "costs:read");
  const request = parseRequest(input);
  const month = monthOf(`${request.month}-01`);
  const answer = await queryCosts(ctx, reader, toQuery(request, month), options);
  const today = ctx.host.clock.today();
  // The figures depend on the day, the question, who asks and what is published; the same costs are not gone through twice.
  const key = JSON.stringify([accessOf(ctx), today, answer.meta.position, request]);
  const known = kept.get(key);
  const found = known ?? expectedMonthEnd({ month, today, costs: toDailyCosts(toCosts(answer, request.measure)) });
  if (known === undefined) keep(key, found);
  return toAnswer(request, month, found, answer);
}

const kept = new Map<string, ExpectedMonthEnd | { missing: string }>();

function keep(key: string, found: ExpectedMonthEnd | { missing: string }): void {
  kept.set(key, found);
  if (kept.size > keptMax) kept.delete(kept.keys().next().value!);
}

function parseRequest(input: unknown): ExpectedCostRequest {
  const parsed = ExpectedCostRequest.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new AppError("invalid", `${issue.path.join(".") || "The request"}: ${issue.message}`, {
    facts: { path: issue.path.join(".") },
  });
}

function toQuery({ measure, filter, currency }: ExpectedCostRequest, month: Period) {
  const ofCurrency: CostFilter = { dimension: "billingCurrency", is: currency };
  return {
    measures: [measure],
    groupBy: ["providerName", "serviceName", "chargeCategory"],
    filter: filter === undefined ? ofCurrency : { and: [filter, ofCurrency] },
    period: { start: addMonths(month.start, -monthsBack), end: month.end },
    grain: "day",
    top: { count: seriesMax, other: true },
    limit: 100_000,
  };
}

const names = ["providerName", "serviceName", "chargeCategory"] as const;

function toCosts({ rows }: CostAnswer, measure: string): DayCost[] {
  return rows.flatMap((row) => {
    const amount = row.values[measure]?.value ?? null;
    if (amount === null || row.time === null) return [];
    const key = row.isOther ? names.map(() => null) : names.map((name) => row.key[name] ?? null);
    return [
      {
        series: JSON.stringify(key),
        provider: key[0] ?? "",
        day: row.time.slice(0, 10),
        amount: toExactAmount(amount),
      },
    ];
  });
}

function fromSeries(series: string) {
  const [provider, service, category] = JSON.parse(series) as (string | null)[];
  return { provider: provider ?? null, service: service ?? null, category: category ?? null };
}

function distinct<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

function toAnswer(
  request: ExpectedCostRequest,
  period: Period,
  found: ExpectedMonthEnd | { missing: string },
  { meta }: CostAnswer,
): ExpectedCost {
  const base = {
    measure: request.measure,
    currency: request.currency,
    period,
    meta: { position: meta.position, freshAt: meta.freshAt, isScoped: meta.isScoped },
  };
  if ("missing" in found) {
    const none = { value: null, missing: found.missing };
    return {
      ...base,
      expected: none,
      low: none,
      high: none,
      actualToDate: none,
      dataEnd: null,
      days: [],
      fees: [],
      feesToCome: "0",
      late: [],
      pastMonths: { count: 0, wape: none },
      method: found.missing,
    };
  }
  const noRange = `Too few past months to tell how far off it may be: ${found.monthsScored}.`;
  const figure = (value: Decimal | null, missing: string) =>
    value === null ? { value: null, missing } : { value: value.toString() };
  return {
    ...base,
    expected: figure(found.expected, ""),
    low: figure(found.low, noRange),
    high: figure(found.high, noRange),
    actualToDate: figure(found.actualToDate, ""),
    dataEnd: found.dataEnd,
    days: found.days.map(({ day, amount }) => ({ day, amount: amount.toString() })),
    fees: found.fees
      .toSorted((a, b) => b.amount.abs().comparedTo(a.amount.abs()))
      .map(({ series, amount, due, toCome }) => ({
        ...fromSeries(series),
        amount: amount.toString(),
        due,
        toCome: toCome.toString(),
      })),
    feesToCome: sum(found.fees.map(({ toCome }) => toCome)).toString(),
    late: distinct(found.late.map(fromSeries).map(({ provider, service }) => ({ provider, service }))),
    pastMonths: { count: found.monthsScored, wape: figure(found.wape, noRange) },
    method: methodOf(found, period),
  };
}

function methodOf({ days, dataEnd, low, monthsScored }: ExpectedMonthEnd, period: Period): string {
  if (days.length === 0) return "The month is over and its data is in: this is what it cost.";
  const known = dataEnd <= period.start ? "Nothing of the month is in yet" : `Actual to ${addDays(dataEnd, -1)}`;
  const range =
    low === null
      ? "There are too few past months for a range."
      : `The range is what 80 % of the last ${monthsScored} months ended in, seen from this day of them.`;
  return `${known}, plus the weekday pattern of the last six weeks at the level of the last two, plus what comes now and then at the rate of the last three months, plus fees that came in each of the last months and are not in yet; one-off purchases are not expected again. ${range}`;
}
