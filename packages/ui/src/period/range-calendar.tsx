import { addMonths, type Day, monthOf } from "@finops/kernel/period";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { Button } from "../primitives/button.tsx";
import { formatDay } from "../text/format-day.ts";
import { joinClasses } from "../text/join-classes.ts";
import { moveDay, weeksOf } from "./calendar-days.ts";

interface RangeCalendarProps {
  /** The first and the last day, both in it. */
  first: Day;
  last: Day;
  today: Day;
  onChange: (first: Day, last: Day) => void;
}

/** Two months side by side. The first click or Enter sets the first day, the second the last; arrows walk over the days. */
export function RangeCalendar({ first, last, today, onChange }: RangeCalendarProps) {
  const [month, setMonth] = useState(() => addMonths(monthOf(last).start, -1));
  const [focused, setFocused] = useState(last);
  const [anchor, setAnchor] = useState<Day | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const choose = (day: Day) => {
    setFocused(day);
    if (anchor === null) {
      setAnchor(day);
      onChange(day, day);
    } else {
      setAnchor(null);
      onChange(day < anchor ? day : anchor, day < anchor ? anchor : day);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const day = moveDay(focused, event.key);
    if (day === null) return;
    event.preventDefault();
    setFocused(day);
    const shown = monthOf(day).start;
    if (shown < month) setMonth(shown);
    else if (shown > addMonths(month, 1)) setMonth(addMonths(shown, -1));
    // The day may be on a page that is only now drawn.
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-day="${day}"]`)?.focus());
  };
  return (
    <div
      ref={box}
      role="group"
      aria-label="Days"
      onKeyDown={onKeyDown}
      className="relative flex items-start justify-center gap-5"
    >
      <Button
        kind="quiet"
        className="absolute -top-1 left-0"
        icon={<ChevronLeft size={16} aria-hidden />}
        aria-label="Month before"
        onClick={() => setMonth(addMonths(month, -1))}
      />
      <Button
        kind="quiet"
        className="absolute -top-1 right-0"
        icon={<ChevronRight size={16} aria-hidden />}
        aria-label="Month after"
        onClick={() => setMonth(addMonths(month, 1))}
      />
      {[month, addMonths(month, 1)].map((shown, index) => (
        <table key={shown} className={index === 0 ? "max-sm:hidden" : ""} aria-label={formatDay(shown, "month")}>
          <caption className="h-7 text-sm font-medium">{formatDay(shown, "month")}</caption>
          <thead>
            <tr>
              {["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"].map((name) => (
                <th key={name} scope="col" className="size-8 text-xs font-normal text-text-3">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weeksOf(shown).map((week, row) => (
              <tr key={row}>
                {week.map((day, column) => (
                  <td key={column} className="p-0">
                    {day !== null && (
                      <button
                        type="button"
                        data-day={day}
                        tabIndex={day === focused ? 0 : -1}
                        aria-label={formatDay(day, "weekday")}
                        aria-pressed={day >= first && day <= last}
                        aria-current={day === today ? "date" : undefined}
                        onClick={() => choose(day)}
                        className={joinClasses(
                          "size-8 text-sm tabular-nums",
                          day === first || day === last
                            ? "rounded-md bg-accent text-on-accent"
                            : day > first && day < last
                              ? "bg-accent-soft text-accent"
                              : "rounded-md hover:bg-surface-3",
                          day === today && "font-semibold underline underline-offset-2",
                        )}
                      >
                        {Number(day.slice(8))}
                      </button>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </div>
  );
}
