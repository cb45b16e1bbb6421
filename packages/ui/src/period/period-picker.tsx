import { addDays, type Day, type Period } from "@finops/kernel/period";
import { CalendarDays, ChevronDown } from "lucide-react";
import { Popover } from "radix-ui";
import { type FormEvent, useState } from "react";
import { Button } from "../primitives/button.tsx";
import { Segments } from "../primitives/segments.tsx";
import { formatPeriod } from "../text/format-day.ts";
import { joinClasses } from "../text/join-classes.ts";
import {
  type Comparison,
  comparisonPeriod,
  type PresetId,
  presetLabels,
  presetsFor,
  resolvePreset,
} from "./presets.ts";
import { RangeCalendar } from "./range-calendar.tsx";

export type PeriodChoice = { preset: PresetId } | { period: Period };

interface PeriodPickerProps {
  value: PeriodChoice;
  available: Period;
  today: Day;
  /** The month, 1 to 12, with which the company's year begins. */
  fiscalStart?: number;
  onChoose: (choice: PeriodChoice) => void;
  /** What it is held against, where the page lets one choose it here. */
  comparison?: Comparison;
  onComparison?: (comparison: Comparison) => void;
}

/** The period of a view: presets with the days that they mean, or any two days by calendar or by hand. */
export function PeriodPicker(props: PeriodPickerProps) {
  const { value, available, today, fiscalStart = 1, onChoose } = props;
  const [isOpen, setIsOpen] = useState(false);
  const period = "preset" in value ? resolvePreset(value.preset, available, today, fiscalStart) : value.period;
  const choose = (choice: PeriodChoice) => {
    onChoose(choice);
    setIsOpen(false);
  };
  return (
    <Popover.Root open={isOpen} onOpenChange={setIsOpen}>
      <Popover.Trigger asChild>
        <Button icon={<CalendarDays size={16} aria-hidden className="text-text-3" />}>
          <span className="sr-only">Period</span>
          {"preset" in value && (
            <span className="font-normal text-text-2 max-sm:hidden">{presetLabels[value.preset]}</span>
          )}
          <span>{formatPeriod(period)}</span>
          <ChevronDown size={14} aria-hidden className="-mr-0.5 text-text-3" />
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label="Period"
          className="appear z-50 flex max-h-[var(--radix-popover-content-available-height)] w-[min(860px,calc(100vw-16px))] overflow-y-auto rounded-lg max-md:w-[min(360px,calc(100vw-16px))] max-md:flex-col border border-line-strong bg-surface-1 p-1 text-sm shadow-[0_8px_24px_rgb(0_0_0/0.12)]"
        >
          <ul className="shrink-0 md:w-80">
            {presetsFor(fiscalStart).map((preset) => {
              const isChosen = "preset" in value && value.preset === preset;
              return (
                <li key={preset}>
                  <button
                    type="button"
                    aria-pressed={isChosen}
                    onClick={() => choose({ preset })}
                    className={joinClasses(
                      "flex w-full justify-between gap-4 rounded-md px-2 py-1.5 text-left hover:bg-surface-3",
                      isChosen && "bg-accent-soft font-medium text-accent",
                    )}
                  >
                    <span>{presetLabels[preset]}</span>
                    <span className={isChosen ? "" : "text-text-2"}>
                      {formatPeriod(resolvePreset(preset, available, today, fiscalStart))}
                    </span>
                  </button>
                </li>
              );
            })}
          </ul>
          <div className="min-w-0 flex-1 border-line p-3 max-md:border-t md:border-l">
            <DayRange period={period} today={today} onChoose={(chosen) => choose({ period: chosen })} />
            {props.comparison !== undefined && props.onComparison !== undefined && (
              <ComparisonChoice period={period} value={props.comparison} onChoose={props.onComparison} />
            )}
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** People name the last day that is in it; the period ends the day after. */
function DayRange({ period, today, onChoose }: { period: Period; today: Day; onChoose: (period: Period) => void }) {
  const [first, setFirst] = useState(period.start);
  const [last, setLast] = useState(addDays(period.end, -1));
  const isPossible = isDay(first) && isDay(last) && first <= last;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isPossible) onChoose({ start: first, end: addDays(last, 1) });
  };
  return (
    <form onSubmit={submit}>
      <RangeCalendar
        first={isDay(first) ? first : period.start}
        last={isDay(last) ? last : addDays(period.end, -1)}
        today={today}
        onChange={(from, to) => {
          setFirst(from);
          setLast(to);
        }}
      />
      <div className="mt-3 flex items-end gap-2">
        <DayField label="First day" value={first} onChange={setFirst} />
        <DayField label="Last day" value={last} onChange={setLast} />
        <Button type="submit" kind="primary" disabled={!isPossible}>
          Show
        </Button>
      </div>
      {!isPossible && (
        <p role="alert" className="mt-2 text-xs text-negative">
          The last day must not come before the first.
        </p>
      )}
    </form>
  );
}

const comparisons: { value: Comparison; label: string }[] = [
  { value: "before", label: "Period before" },
  { value: "last-year", label: "Last year" },
  { value: "none", label: "Nothing" },
];

function ComparisonChoice({
  period,
  value,
  onChoose,
}: {
  period: Period;
  value: Comparison;
  onChoose: (comparison: Comparison) => void;
}) {
  const against = comparisonPeriod(period, value);
  return (
    <div className="mt-3 flex flex-wrap items-center gap-2 border-t border-line pt-3">
      <span className="text-xs text-text-2">Compare with</span>
      <Segments label="Compare with" value={value} options={comparisons} onChoose={onChoose} />
      {against !== null && <span className="text-xs text-text-2">{formatPeriod(against)}</span>}
    </div>
  );
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text);
}

function DayField({ label, value, onChange }: { label: string; value: Day; onChange: (day: Day) => void }) {
  return (
    <label className="min-w-0 flex-1 text-xs text-text-2">
      {label}
      <input
        type="date"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="mt-1 h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface-1 px-1.5 text-sm text-text-1"
      />
    </label>
  );
}
