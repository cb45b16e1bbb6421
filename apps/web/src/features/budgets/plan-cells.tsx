import type { Budget } from "@finops/capabilities/budgets/contract";
import type { PlanCell, PlanRow } from "@finops/capabilities/budgets/planner";
import { type Decimal, parseDecimal } from "@finops/kernel/decimal";
import type { Day, Period } from "@finops/kernel/period";
import { Delta } from "@finops/ui/figures/delta";
import { Money } from "@finops/ui/figures/money";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { NumberField } from "@finops/ui/primitives/number-field";
import { formatDay, formatPeriod } from "@finops/ui/text/format-day";
import { formatMoney, formatMoneyShort } from "@finops/ui/text/format-figure";
import { joinClasses } from "@finops/ui/text/join-classes";
import { ChevronLeft, ChevronRight } from "lucide-react";
import type { CSSProperties } from "react";
import { columnsOf } from "./plan-columns.ts";

const gridClasses = "grid gap-1.5 md:grid-cols-[repeat(var(--columns),minmax(84px,148px))]";

/** The months over the grid; on a phone, the one that is shown and the way to the others. */
export function PlanMonths({
  months,
  shown,
  onShow,
}: {
  months: readonly Day[];
  /** The place of the month that a phone shows. */
  shown: number;
  onShow: (shown: number) => void;
}) {
  if (months.length < 2) return null;
  return (
    <div className="border-b border-line px-4 py-2 text-xs text-text-2">
      <div aria-hidden className={`${gridClasses} max-md:hidden`} style={columnsStyle(months)}>
        {months.map((month) => (
          <span key={month} className="text-right">
            {formatDay(month, "month-short")}
          </span>
        ))}
      </div>
      <div className="flex items-center justify-between md:hidden">
        <Button
          kind="quiet"
          aria-label="The month before"
          icon={<ChevronLeft size={16} aria-hidden />}
          disabled={shown === 0}
          onClick={() => onShow(shown - 1)}
        />
        <span aria-live="polite" className="text-sm font-medium text-text-1">
          {formatDay(months[shown]!, "month")}
        </span>
        <Button
          kind="quiet"
          aria-label="The month after"
          icon={<ChevronRight size={16} aria-hidden />}
          disabled={shown === months.length - 1}
          onClick={() => onShow(shown + 1)}
        />
      </div>
    </div>
  );
}

interface PlanCellsProps {
  budget: Budget;
  row: PlanRow;
  months: readonly Day[];
  shown: number;
  /** Each period has an amount of its own that may change. */
  isOpen: boolean;
  onType: (period: Period, amount: Decimal) => void;
  onRest: () => void;
}

/** What a budget comes to in each planned period; one of three months is as wide as these. */
export function PlanCells({ budget, row, months, shown, isOpen, onType, onRest }: PlanCellsProps) {
  return (
    <ul aria-label={`Periods of ${budget.name}`} className={gridClasses} style={columnsStyle(months)}>
      {row.cells.map((cell) => {
        const { first, end } = columnsOf(cell.period, months);
        const isShown = first <= shown && shown < end;
        return (
          <li
            key={cell.period.start}
            style={{ "--place": `${first + 1} / ${end + 1}` } as CSSProperties}
            className={joinClasses("min-w-0 md:[grid-column:var(--place)]", !isShown && "max-md:hidden")}
          >
            <Cell budget={budget} cell={cell} isOpen={isOpen} onType={onType} onRest={onRest} />
          </li>
        );
      })}
    </ul>
  );
}

function Cell({
  budget: { name, currency },
  cell: { period, before, amount, children },
  isOpen,
  onType,
  onRest,
}: Pick<PlanCellsProps, "budget" | "isOpen" | "onType" | "onRest"> & { cell: PlanCell }) {
  const when = formatPeriod(period);
  return (
    <div className="text-right text-xs" onBlur={onRest}>
      {isOpen ? (
        <NumberField
          label={`${name}, ${when}, in ${currency}`}
          isLabelHidden
          className="[&_input]:px-1.5 [&_input]:text-right [&_input]:text-xs [&_input]:tabular-nums"
          value={amount.toString()}
          onChange={(typed) => typed !== "" && onType(period, parseDecimal(typed))}
        />
      ) : (
        <span className="block rounded-md bg-surface-2 px-1.5 py-1.5" title={when}>
          <span className="sr-only">{when}: </span>
          <Money amount={amount.toString()} currency={currency} />
        </span>
      )}
      {!amount.equals(before) && (
        <Delta
          now={amount.toString()}
          before={before.toString()}
          currency={currency}
          good="neither"
          part="amount"
          short
        />
      )}
      {children?.isOverAllocated === true && (
        <Badge
          tone="bad"
          title={`The ${children.count} below come to ${formatMoney(children.allocated.toString(), currency)} in ${when}`}
        >
          {formatMoneyShort(children.unallocated.abs().toString(), currency)} over
        </Badge>
      )}
    </div>
  );
}

function columnsStyle(months: readonly Day[]): CSSProperties {
  return { "--columns": months.length } as CSSProperties;
}
