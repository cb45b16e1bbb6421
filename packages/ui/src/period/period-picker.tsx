import { addDays, type Day, type Period } from "@finops/kernel/period";
import { CalendarDays, ChevronDown } from "lucide-react";
import { Popover } from "radix-ui";
import { type FormEvent, useState } from "react";
import { Button } from "../primitives/button.tsx";
import { formatPeriod } from "../text/format-day.ts";
import { joinClasses } from "../text/join-classes.ts";
import { type PresetId, presetIds, presetLabels, resolvePreset } from "./presets.ts";

export type PeriodChoice = { preset: PresetId } | { period: Period };

interface PeriodPickerProps {
  value: PeriodChoice;
  available: Period;
  today: Day;
  onChoose: (choice: PeriodChoice) => void;
}

/** The period of a view: presets with the days that they mean, or any two days. */
export function PeriodPicker({ value, available, today, onChoose }: PeriodPickerProps) {
  const [isOpen, setIsOpen] = useState(false);
  const period = "preset" in value ? resolvePreset(value.preset, available, today) : value.period;
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
          className="appear z-50 w-[min(340px,calc(100vw-16px))] rounded-lg border border-line-strong bg-surface-1 p-1 text-sm shadow-[0_8px_24px_rgb(0_0_0/0.12)]"
        >
          <ul>
            {presetIds.map((preset) => {
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
                      {formatPeriod(resolvePreset(preset, available, today))}
                    </span>
                  </button>
                </li>
              );
            })}
          </ul>
          <DayRange period={period} onChoose={(chosen) => choose({ period: chosen })} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** People name the last day that is in it; the period ends the day after. */
function DayRange({ period, onChoose }: { period: Period; onChoose: (period: Period) => void }) {
  const [first, setFirst] = useState(period.start);
  const [last, setLast] = useState(addDays(period.end, -1));
  const isPossible = /^\d{4}-\d{2}-\d{2}$/.test(first) && /^\d{4}-\d{2}-\d{2}$/.test(last) && first <= last;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isPossible) onChoose({ start: first, end: addDays(last, 1) });
  };
  return (
    <form onSubmit={submit} className="mt-1 border-t border-line p-2">
      <div className="flex items-end gap-2">
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
