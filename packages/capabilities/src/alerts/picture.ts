import { type Decimal, parseDecimal, sum, zero } from "@finops/kernel/decimal";
import { formatDay } from "@finops/kernel/format-day";
import { formatMoney, formatMoneyShort } from "@finops/kernel/format-figure";
import type { Day } from "@finops/kernel/period";
import * as z from "zod";
import type { BudgetStanding } from "../budgets/contract.ts";
import type { ChartData } from "../pictures/index.ts";
import { daysUntil } from "./cost-series.ts";

const Amounts = z.array(z.object({ label: z.string(), amount: z.string() }));

/** What an alert's picture shows: what each of the last days cost, or a budget's limit beside what is spent and expected. */
export const AlertPicture = z.object({ shows: z.enum(["days", "budget"]), currency: z.string(), amounts: Amounts });
export type AlertPicture = z.infer<typeof AlertPicture>;

const picturedDays = 30;

/** The days that come before a look, those that nothing is known of left out at the beginning. */
export function pictureOfDays(series: ReadonlyMap<Day, Decimal>, last: Day, currency: string): AlertPicture {
  const days = daysUntil(last, picturedDays);
  const first = days.findIndex((day) => series.has(day));
  const amounts = days
    .slice(Math.max(0, first))
    .map((day) => ({ label: day, amount: (series.get(day) ?? zero).toString() }));
  return { shows: "days", currency, amounts };
}

export function pictureOfBudget(standing: BudgetStanding, currency: string): AlertPicture {
  const told = [
    ["Limit", standing.limit],
    ["Spent", standing.actual],
    ["Expected at its end", standing.expected],
  ] as const;
  const amounts = told.flatMap(([label, amount]) => (amount === null ? [] : [{ label, amount }]));
  return { shows: "budget", currency, amounts };
}

/** What is to be drawn, with what is told to who does not see it. */
export function chartOf(title: string, { shows, currency, amounts }: AlertPicture): ChartData {
  const description =
    shows === "days"
      ? `What each day cost, in ${currency}: ${formatMoney(totalOf(amounts), currency)} in ${amounts.length} days.`
      : amounts.map(({ label, amount }) => `${label}: ${formatMoney(amount, currency)}`).join(". ");
  const common = { title, description, mark: (value: number) => formatMoneyShort(String(value), currency) };
  if (shows === "budget")
    return {
      ...common,
      kind: "ranking",
      parts: amounts.map(({ label, amount }) => ({
        label,
        shown: formatMoney(amount, currency),
        value: Number(amount),
      })),
    };
  const last = amounts.at(-1);
  return {
    ...common,
    kind: "bars",
    buckets: amounts.map(({ label }) => formatDay(label, "day")),
    series: [
      {
        label: last === undefined ? "Costs" : formatDay(last.label),
        shown: last === undefined ? "" : formatMoney(last.amount, currency),
        values: amounts.map(({ amount }) => Number(amount)),
      },
    ],
  };
}

function totalOf(amounts: AlertPicture["amounts"]): string {
  return sum(amounts.map(({ amount }) => parseDecimal(amount))).toString();
}
