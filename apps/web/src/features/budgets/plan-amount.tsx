import type { Budget, BudgetAmount } from "@finops/capabilities/budgets/contract";
import type { Plan, PlanMove } from "@finops/capabilities/budgets/plan";
import { planEach, planPercent, type PlanRow } from "@finops/capabilities/budgets/planner";
import { decimal, parseDecimal, roundHalfAway } from "@finops/kernel/decimal";
import { Money } from "@finops/ui/figures/money";
import { NumberField } from "@finops/ui/primitives/number-field";
import { formatMoney } from "@finops/ui/text/format-figure";

const sliderMax = 100;

export type Move = (gesture: string | null, by: (plan: Plan) => PlanMove) => void;

interface PlanAmountProps {
  budget: Budget;
  /** As it is drafted. */
  amount: BudgetAmount;
  row: PlanRow;
  move: Move;
  onRest: () => void;
}

/** More or less of a budget in all planned periods, and what makes its amounts where these are not written one by one. */
export function PlanAmount({ budget, amount, row, move, onRest }: PlanAmountProps) {
  const { id, name, currency } = budget;
  const percent = row.before.isZero()
    ? decimal(0)
    : roundHalfAway(row.amount.minus(row.before).times(100).dividedBy(row.before), 2);
  const slid = Math.max(-sliderMax, Math.min(sliderMax, Math.round(Number(percent.toString()))));
  const by = (gesture: string, next: string) => move(gesture, (plan) => planPercent(plan, id, parseDecimal(next)));
  const total = row.amount.toString();
  return (
    <div className="space-y-1.5" onBlur={onRest}>
      <div className="flex items-center gap-3">
        <input
          type="range"
          aria-label={`${name}: percent more or less`}
          aria-valuetext={`${percent.toString()} %, ${formatMoney(total, currency)}`}
          min={-sliderMax}
          max={sliderMax}
          step={1}
          value={slid}
          disabled={row.before.isZero()}
          onChange={(event) => by(`slide ${id}`, event.target.value)}
          onPointerUp={onRest}
          className="h-8 min-w-0 flex-1 accent-[var(--accent)]"
        />
        <div className="flex w-24 shrink-0 items-center gap-1 text-sm text-text-2">
          <NumberField
            label={`${name}: percent`}
            isLabelHidden
            className="[&_input]:text-right"
            value={percent.toString()}
            onChange={(typed) => typed !== "" && by(`percent ${id}`, typed)}
          />
          %
        </div>
      </div>
      <div className="flex flex-wrap items-end gap-2 text-xs text-text-2">
        {amount.kind === "fixed" || amount.kind === "growing" ? (
          <Each budget={budget} amount={amount} move={move} />
        ) : (
          row.cells.length > 1 && (
            <span>
              <Money amount={total} currency={currency} /> in {row.cells.length} periods
            </span>
          )
        )}
      </div>
    </div>
  );
}

/** An amount that is the same in each period, or what the first one is and how it grows from there. */
function Each({
  budget: { id, name, currency, periods },
  amount,
  move,
}: Pick<PlanAmountProps, "budget" | "move"> & { amount: Extract<BudgetAmount, { kind: "fixed" | "growing" }> }) {
  const grain = periods.grain === "custom" ? "period" : periods.grain;
  return (
    <>
      <NumberField
        label={`${name} in ${currency}`}
        isLabelHidden
        className="w-36 shrink-0"
        value={amount.amount}
        onChange={(typed) =>
          typed !== "" && move(`type ${id}`, (plan) => planEach(plan, id, { amount: parseDecimal(typed) }))
        }
      />
      {amount.kind === "fixed" ? (
        <span className="pb-2">each {grain}</span>
      ) : (
        <>
          <span className="pb-2">in the first {grain}, and then</span>
          <NumberField
            label={`${name}: growth in percent`}
            isLabelHidden
            className="w-20 shrink-0"
            value={amount.percent}
            onChange={(typed) =>
              typed !== "" && move(`growth ${id}`, (plan) => planEach(plan, id, { percent: parseDecimal(typed) }))
            }
          />
          <span className="pb-2">% more each {grain}</span>
        </>
      )}
    </>
  );
}
