import type { Shift } from "@finops/capabilities/on-call/contract";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatInstant } from "@finops/ui/text/format-day";
import { useQuery } from "@tanstack/react-query";
import { shiftsQuery } from "./escalation-queries.ts";
import { weeksOf } from "./on-call-weeks.ts";

const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const dayFormat = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

/** Who is on call in the next weeks, a line for each week. */
export function OnCallCalendar({ id, name }: { id: string; name: string }) {
  const shifts = useQuery(shiftsQuery(id));
  return (
    <Async of={shifts} name="The calendar" skeleton={<Skeleton className="h-48 w-full" />}>
      {(all) => <Weeks name={name} shifts={all} />}
    </Async>
  );
}

function Weeks({ name, shifts }: { name: string; shifts: Shift[] }) {
  // In the order of their turns, so that neighbours differ.
  const people = [...new Set(shifts.map(({ person }) => person?.id))];
  return (
    <div className="text-xs">
      <div aria-hidden className="ml-16 grid grid-cols-7 pb-1 text-text-2">
        {days.map((day) => (
          <span key={day}>{day}</span>
        ))}
      </div>
      <ol aria-label={`Who is on call by ${name}`} className="space-y-1">
        {weeksOf(shifts).map(({ monday, parts }) => (
          <li key={monday.getTime()} className="flex items-center">
            <span className="w-16 shrink-0 text-text-2 tabular-nums">{dayFormat.format(monday)}</span>
            <ul className="relative h-7 min-w-0 flex-1 overflow-hidden rounded-sm bg-surface-2">
              {parts.map(({ shift, start, length }) => (
                <li
                  key={start}
                  title={shiftWords(shift)}
                  className="absolute inset-y-0 truncate border-l-4 bg-surface-3 px-1 py-1.5"
                  style={{
                    left: `${start * 100}%`,
                    width: `calc(${length * 100}% - 1px)`,
                    borderColor:
                      shift.person === null
                        ? "var(--negative)"
                        : `var(--series-${(people.indexOf(shift.person.id) % 10) + 1})`,
                  }}
                >
                  <span aria-hidden dir="auto">
                    {shift.person?.name ?? "Nobody"}
                  </span>
                  <span className="sr-only">{shiftWords(shift)}</span>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </div>
  );
}

function shiftWords({ person, from, to, isOverride, reason }: Shift): string {
  const until = to === null ? "on" : `until ${formatInstant(to)}`;
  const takes = isOverride ? ", who takes over" : "";
  return `${person?.name ?? "Nobody"}${takes}, from ${formatInstant(from)} ${until}.${reason === null ? "" : ` ${reason}`}`;
}
