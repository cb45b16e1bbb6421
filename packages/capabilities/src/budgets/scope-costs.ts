import { type ExactAmount, sumExact } from "@finops/kernel/exact-amount";
import { addDays, type Day, type Period } from "@finops/kernel/period";
import {
  addUp,
  costsBefore,
  type DailyCosts,
  type ExpectedPeriodEnd,
  expectedPeriodEnd,
  within,
} from "../forecasting/index.ts";
import type { BudgetCosts } from "./read-costs.ts";

type Expected = ExpectedPeriodEnd | { missing: string };

/** What the charges of one scope have cost, for every budget of that scope: what they share is worked out once. */
export class ScopeCosts {
  readonly otherCurrencies: readonly string[];
  readonly #costs: DailyCosts;
  readonly #sums: readonly (ExactAmount | undefined)[];
  readonly #expected = new Map<string, Expected>();

  constructor({ costs, otherCurrencies }: BudgetCosts) {
    this.otherCurrencies = otherCurrencies;
    this.#costs = costs;
    this.#sums = addUp(costs);
  }

  /** What there was to know on a day: what was charged on the days before it. */
  before(day: Day): ScopeCosts {
    return new ScopeCosts({
      costs: costsBefore(this.#costs, day),
      otherCurrencies: [...this.otherCurrencies],
    });
  }

  /** Null without any charge. */
  spentIn(period: Period): ExactAmount | null {
    const days = within(this.#sums, this.#costs.first, period);
    return days.every((amount) => amount === undefined) ? null : sumExact(days);
  }

  /** The last day with a charge; null without any. */
  lastDay(): Day | null {
    const place = this.#sums.findLastIndex((amount) => amount !== undefined);
    return place === -1 ? null : addDays(this.#costs.first, place);
  }

  /** What each day with a charge cost. */
  byDay(): Map<Day, ExactAmount> {
    return new Map(
      this.#sums.flatMap((amount, place) =>
        amount === undefined ? [] : [[addDays(this.#costs.first, place), amount] as const],
      ),
    );
  }

  /** What a period is expected to have cost at its end, seen from a day. */
  expectedAtEnd(period: Period, today: Day): Expected {
    const text = `${period.start} ${period.end} ${today}`;
    const found = this.#expected.get(text) ?? expectedPeriodEnd({ period, today, costs: this.#costs });
    this.#expected.set(text, found);
    return found;
  }
}
