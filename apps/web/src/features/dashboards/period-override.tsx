import type { CostView, ViewMoment } from "@finops/capabilities/views/contract";
import { PeriodPicker } from "@finops/ui/period/period-picker";
import { Button } from "@finops/ui/primitives/button";
import { CalendarDays, X } from "lucide-react";

interface PeriodOverrideProps {
  period: CostView["period"] | null;
  moment: ViewMoment;
  onChoose: (period: CostView["period"] | null) => void;
}

/** One period for every tile, or to each its own. */
export function PeriodOverride({ period, moment, onChoose }: PeriodOverrideProps) {
  if (period === null)
    return (
      <Button
        icon={<CalendarDays size={16} aria-hidden className="text-text-3" />}
        title="Every tile shows its own period. Choose one for all."
        onClick={() => onChoose({ preset: "month-to-date" })}
      >
        <span className="font-normal text-text-2">Period</span> of each tile
      </Button>
    );
  return (
    <div className="flex items-center gap-1">
      <PeriodPicker
        value={"preset" in period ? period : { period }}
        available={moment.available}
        today={moment.today}
        onChoose={(choice) => onChoose("preset" in choice ? { preset: choice.preset } : choice.period)}
      />
      <Button
        kind="quiet"
        icon={<X size={16} aria-hidden />}
        aria-label="Back to the period of each tile"
        title="Back to the period of each tile"
        onClick={() => onChoose(null)}
      />
    </div>
  );
}
