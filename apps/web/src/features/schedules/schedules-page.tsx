import type { Schedule } from "@finops/capabilities/schedules/contract";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { Async } from "@finops/ui/states/async";
import { EmptyState } from "@finops/ui/states/empty-state";
import { Skeleton } from "@finops/ui/states/skeleton";
import type { DataColumn } from "@finops/ui/table/column";
import { DataTable } from "@finops/ui/table/data-table";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { CalendarClock, Plus } from "lucide-react";
import { Beside } from "../../lib/beside.tsx";
import { PageTabs } from "../../lib/page-tabs.tsx";
import { Page } from "../../lib/page.tsx";
import { useEdit } from "../../lib/use-edit.ts";
import { SchedulePanel } from "./schedule-panel.tsx";
import { schedulesQuery, useScheduleVerb } from "./schedule-queries.ts";
import { ToldFile } from "./told-file.tsx";
import { instantWords, runProblem, runWords, schedulesSentence, subjectWords, timingWords } from "./schedule-words.ts";

const route = getRouteApi("/reports/schedules");
const isNew = "new";

const tabs = [
  { to: "/reports", label: "Reports" },
  { to: "/reports/schedules", label: "Schedules" },
];

/** What is sent when and to whom. `edit` is a schedule's id, `new`, or `new:view:ID` where another page asks for it; `file` is what a mail had no room for. */
export function SchedulesPage() {
  const { edit = "", file } = route.useSearch();
  const schedules = useQuery(schedulesQuery);
  const open = useEdit<string>();
  const edited = schedules.data?.find(({ id }) => id === edit);
  const isMaking = edit === isNew || edit.startsWith(`${isNew}:`);
  const make = (
    <Button kind="primary" icon={<Plus size={16} aria-hidden />} onClick={() => open(isNew)}>
      New schedule
    </Button>
  );
  return (
    <Beside
      panel={
        (isMaking || edited !== undefined) && (
          <SchedulePanel
            key={edited === undefined ? edit : `${edited.id} ${edited.version}`}
            schedule={edited ?? null}
            start={edit.slice(isNew.length + 1)}
            onClose={() => open(undefined)}
          />
        )
      }
    >
      <Page title="Schedules" tools={<PageTabs name="Reports" tabs={tabs} />} actions={make}>
        {file !== undefined && (
          <div className="mb-6">
            <ToldFile key={file} file={file} />
          </div>
        )}
        <Async
          of={schedules}
          name="The schedules"
          skeleton={<Skeleton className="h-60 w-full" />}
          isEmpty={(all) => all.length === 0}
          empty={
            <div className="rounded-lg border border-line bg-surface-1">
              <EmptyState icon={<CalendarClock size={24} aria-hidden />} title="Nothing is sent yet" action={make}>
                A schedule sends a saved view, a report or a budget by mail or to a channel: with its figures, a picture
                of the chart, CSV or PDF, every day, week or month, or once a month is closed.
              </EmptyState>
            </div>
          }
        >
          {(all) => (
            <>
              <p className="mb-4 text-lg text-balance" data-testid="sentence">
                {schedulesSentence(all)}
              </p>
              <section aria-label="Schedules" className="min-w-0 rounded-lg border border-line bg-surface-1">
                <DataTable
                  label="Schedules"
                  rows={all}
                  columns={columns}
                  rowId={({ id }) => id}
                  onActivate={({ id }) => open(id)}
                />
              </section>
            </>
          )}
        </Async>
      </Page>
    </Beside>
  );
}

function PauseButton({ schedule }: { schedule: Schedule }) {
  const verb = useScheduleVerb();
  const isPaused = schedule.state === "paused";
  if (isPaused && !schedule.isOwn) return null;
  return (
    <Button
      aria-label={`${isPaused ? "Resume" : "Pause"} ${schedule.name}`}
      disabled={verb.isPending}
      onClick={() => verb.mutate({ do: "pause", of: schedule, isPaused: !isPaused })}
    >
      {isPaused ? "Resume" : "Pause"}
    </Button>
  );
}

const columns: DataColumn<Schedule>[] = [
  {
    id: "name",
    header: "Schedule",
    value: ({ name }) => name,
    cell: ({ name }) => (
      <span className="truncate font-medium" title={name} dir="auto">
        {name}
      </span>
    ),
  },
  {
    id: "sends",
    header: "Sends",
    value: ({ sends, subjectName }) => `${subjectWords[sends.kind]} ${subjectName ?? ""}`,
    cell: ({ sends, subjectName }) => (
      <span className="truncate" dir="auto">
        {subjectWords[sends.kind]} {subjectName ?? "that is gone, or not shown to you"}
      </span>
    ),
  },
  { id: "when", header: "When", isMinor: true, width: 232, value: ({ timing }) => timingWords(timing) },
  {
    id: "next",
    header: "Next",
    width: 190,
    value: ({ nextSlot }) => nextSlot,
    cell: ({ nextSlot, problem }) =>
      nextSlot === null ? (
        <Badge tone="warning" title={problem ?? ""}>
          Paused
        </Badge>
      ) : (
        instantWords(nextSlot)
      ),
  },
  {
    id: "last",
    header: "Last",
    width: 112,
    value: ({ lastRun }) => (lastRun === null ? "" : runWords[lastRun.state].label),
    cell: ({ lastRun }) =>
      lastRun === null ? (
        <span className="text-text-2">Not yet</span>
      ) : (
        <Badge tone={runWords[lastRun.state].tone} title={runProblem(lastRun) ?? ""}>
          {runWords[lastRun.state].label}
        </Badge>
      ),
  },
  { id: "owner", header: "Owner", isMinor: true, width: 176, value: ({ owner }) => owner.name },
  { id: "pause", header: "Pause", width: 104, hasState: true, cell: (schedule) => <PauseButton schedule={schedule} /> },
];
