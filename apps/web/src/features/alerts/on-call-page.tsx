import type { OnCallSchedule } from "@finops/capabilities/on-call/contract";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { Notice } from "@finops/ui/states/notice";
import { formatDay, formatInstant } from "@finops/ui/text/format-day";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { CalendarClock } from "lucide-react";
import { serverClock } from "../../lib/server-clock.ts";
import { useMay } from "../../lib/session.ts";
import { noAlerts } from "./alerts-tabs.tsx";
import { weekdays } from "./channel-form.ts";
import { EditedListPage } from "./edited-list-page.tsx";
import { onCallQuery } from "./escalation-queries.ts";
import { OnCallCalendar } from "./on-call-calendar.tsx";
import { OnCallPanel } from "./on-call-panel.tsx";

const route = getRouteApi("/alerts/$id");

/** Whose turn it is to be called, now and in the next weeks. */
export function OnCallPage() {
  const { edit } = route.useSearch();
  const maySee = useMay("alerts:read");
  const schedules = useQuery({ ...onCallQuery, enabled: maySee });
  return (
    <EditedListPage
      title="On call"
      name="The schedules"
      of={schedules}
      edit={edit}
      maySee={maySee}
      mayMake={useMay("alerts:write")}
      refusal={noAlerts}
      newLabel="New schedule"
      empty={{
        icon: CalendarClock,
        title: "Nobody is on call yet",
        about:
          "A schedule says whose turn it is to be called when nobody looks after an alert. People take turns by day or by week, and may take over from each other.",
      }}
      mayChange={({ mayChange }) => mayChange}
      panel={(schedule, onClose) => <OnCallPanel schedule={schedule} now={serverClock.now()} onClose={onClose} />}
    >
      {(all, open) => (
        <div className="space-y-4">
          <p className="text-lg" data-testid="sentence">
            {all.map(nowWords).join(" ")}
          </p>
          {all.map((schedule) => (
            <ScheduleCard key={schedule.id} schedule={schedule} onEdit={() => open(schedule.id)} />
          ))}
        </div>
      )}
    </EditedListPage>
  );
}

function nowWords({ name, now }: OnCallSchedule): string {
  if (now.person === null) return `Nobody is on call by ${name}. ${now.reason ?? ""}`;
  return `${now.person.name} is on call by ${name}${now.to === null ? "" : ` until ${formatInstant(now.to)}`}.`;
}

function ScheduleCard({ schedule, onEdit }: { schedule: OnCallSchedule; onEdit: () => void }) {
  const { id, name, handOver, timeZone, start, people, mayChange, now } = schedule;
  const when = handOver.every === "day" ? "each day" : `on ${weekdays[handOver.weekday - 1]!.label}s`;
  return (
    <Card
      title={<span dir="auto">{name}</span>}
      about={`Handed over ${when} at ${handOver.at}, ${timeZone}, since ${formatDay(start)}`}
      actions={
        mayChange && (
          <Button aria-label={`Change ${name}`} onClick={onEdit}>
            Change
          </Button>
        )
      }
    >
      <div className="space-y-3 px-4 pb-4">
        {now.reason !== null && (
          <Notice tone="warning" title={now.person === null ? "Nobody is on call" : "Somebody was passed over"}>
            {now.reason}
          </Notice>
        )}
        <OnCallCalendar id={id} name={name} />
        <p className="text-xs text-text-2" dir="auto">
          In turn: {people.map((one) => (one.hasLeft ? `${one.name} (left)` : one.name)).join(", ")}
        </p>
      </div>
    </Card>
  );
}
