import { type Decimal, parseDecimal, roundHalfAway } from "@finops/kernel/decimal";
import { addDays, addMonths, daysIn, type Period } from "@finops/kernel/period";
import type { BudgetDefinition, BudgetPeriods, TemplateDraft, TemplateShape } from "./contract.ts";
import { yearBefore } from "./copy.ts";
import type { Moment } from "./evaluate.ts";
import { firstPeriods, periodAt, periodsMax } from "./periods.ts";

/** What of a budget others can be made from: all but its name, its costs and its people. */
export function shapeOf(definition: Omit<BudgetDefinition, "watchers">): TemplateShape {
  const { measure, currency, periods, amount, rollover, notes, links } = definition;
  return {
    measure,
    currency: amount.kind === "children" ? null : currency,
    periods: lengthOf(periods),
    amount: amountOf(amount),
    rollover,
    notes,
    links,
  };
}

function amountOf(amount: BudgetDefinition["amount"]): TemplateShape["amount"] {
  if (amount.kind === "plan") return { kind: "plan", amounts: amount.amounts.map((one) => one.amount) };
  return amount.kind === "unit" ? { kind: "unit", metricId: amount.metricId, price: amount.price } : amount;
}

function lengthOf(periods: BudgetPeriods): TemplateShape["periods"] {
  if (periods.grain === "custom") return { grain: "custom", days: daysIn(periods) };
  const { grain, start, end } = periods;
  const months = end === null ? null : Math.max(1, monthsBetween(start, end));
  return { grain, begins: months !== null && months % 12 === 0 ? "year" : "now", months };
}

function monthsBetween(start: string, end: string): number {
  const at = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
  return at(end) - at(start);
}

/** The periods that a budget of the template has when it is made on a day. */
export function templatePeriods({ periods }: TemplateShape, { today, fiscalYearStart }: Moment): BudgetPeriods {
  if (periods.grain === "custom") return { grain: "custom", start: today, end: addDays(today, periods.days) };
  const year = periodAt("year", today, fiscalYearStart);
  const start =
    periods.begins === "now"
      ? periodAt(periods.grain, today, fiscalYearStart).start
      : periods.begins === "year"
        ? year.start
        : year.end;
  return { grain: periods.grain, start, end: periods.months === null ? null : addMonths(start, periods.months) };
}

/**
 * A budget of a template, as far as the template knows it.
 * @param spentIn what a period has cost; null where it is not over, or has no data
 */
export function draftOf(
  shape: TemplateShape,
  currency: string,
  moment: Moment,
  spentIn: (period: Period) => Decimal | null,
): TemplateDraft {
  const periods = templatePeriods(shape, moment);
  const { measure, rollover, notes, links } = shape;
  const known = { measure, periods, rollover, notes, links };
  const { amount: wanted } = shape;
  const empty = { amount: null, percent: null, metricId: null, plan: [] };
  if (wanted.kind === "asked")
    return { ...known, currency, amount: { ...empty, kind: "fixed" }, missing: "Say how much it is." };
  if (wanted.kind === "children") return { ...known, currency, amount: { ...empty, kind: "children" }, missing: null };
  const targets = firstPeriods(periods, moment.fiscalYearStart, periodsMax);
  if (wanted.kind === "last-year") {
    const factor = parseDecimal(wanted.percent).dividedBy(100).plus(1);
    const plan = targets.map((period) => {
      const spent = spentIn(yearBefore(period));
      // A credit is no plan.
      const isKnown = spent !== null && !spent.isNegative();
      return { start: period.start, amount: isKnown ? roundHalfAway(spent.times(factor), 2).toString() : null };
    });
    const unknown = plan.filter(({ amount }) => amount === null).length;
    const missing =
      unknown === 0
        ? null
        : `Of ${unknown} of ${plan.length} periods nobody knows what the year before has cost. Write their amounts.`;
    return { ...known, currency, amount: { ...empty, kind: "plan", plan }, missing };
  }
  const isOther = shape.currency !== null && shape.currency !== currency;
  const missing = isOther ? `The template's amounts are in ${shape.currency}. Look whether they suit.` : null;
  const amount =
    wanted.kind === "plan"
      ? {
          ...empty,
          kind: "plan" as const,
          plan: targets
            .slice(0, wanted.amounts.length)
            .map(({ start }, index) => ({ start, amount: wanted.amounts[index]! })),
        }
      : wanted.kind === "unit"
        ? { ...empty, kind: wanted.kind, metricId: wanted.metricId, amount: wanted.price }
        : { ...empty, ...wanted };
  return { ...known, currency: shape.currency ?? currency, amount, missing };
}
