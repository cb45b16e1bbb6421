import { addDays, addMonths, type Day, type Period } from "@finops/kernel/period";
import { Segments } from "@finops/ui/primitives/segments";
import { Select } from "@finops/ui/primitives/select";
import { formatDay } from "@finops/ui/text/format-day";
import { monthsMax } from "./plan-columns.ts";
import type { PlannerSearch } from "./overview-search.ts";

interface PlanRangeProps {
  search: PlannerSearch;
  range: Period;
  today: Day;
  onChoose: (search: PlannerSearch) => void;
}

/** Which periods are planned at once: a fiscal year, or from one month to another. */
export function PlanRange({ search: { when }, range, today, onChoose }: PlanRangeProps) {
  const [first, last] = [monthOf(range.start), monthOf(addDays(range.end, -1))];
  const chosen = (from: string, until: string) =>
    onChoose({ when: "chosen", from, until: until < from ? from : until });
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Segments
        label="Plan"
        value={when ?? "this"}
        options={[
          { value: "this", label: "This fiscal year" },
          { value: "next", label: "Next" },
          { value: "chosen", label: "Months" },
        ]}
        onChoose={(value) => {
          if (value === "chosen") chosen(first, last);
          else onChoose({ when: value === "next" ? "next" : undefined });
        }}
      />
      {when === "chosen" && (
        <>
          <Select
            label="First month"
            isLabelHidden
            value={first}
            options={months(`${monthOf(today)}-01`, 2 * monthsMax)}
            onChange={(from) => chosen(from, last)}
          />
          <span className="text-sm text-text-2">to</span>
          <Select
            label="Last month"
            isLabelHidden
            value={last}
            options={months(`${first}-01`, monthsMax)}
            onChange={(until) => chosen(first, until)}
          />
        </>
      )}
    </div>
  );
}

function monthOf(day: Day): string {
  return day.slice(0, 7);
}

function months(from: Day, count: number): { value: string; label: string }[] {
  return Array.from({ length: count }, (_, at) => {
    const month = addMonths(from, at);
    return { value: monthOf(month), label: formatDay(month, "month-short") };
  });
}
