import type { Schedule, ScheduleSubject } from "@finops/capabilities/schedules/contract";
import { Button } from "@finops/ui/primitives/button";
import { Checkbox } from "@finops/ui/primitives/checkbox";
import { Select } from "@finops/ui/primitives/select";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { TextField } from "@finops/ui/primitives/text-field";
import { useQuery } from "@tanstack/react-query";
import { FileDown, Send } from "lucide-react";
import { useState } from "react";
import { membersQuery, personName } from "../../lib/people-queries.ts";
import { useSavePdf } from "../../lib/save-pdf.ts";
import { useMay } from "../../lib/session.ts";
import { readSchedule, type ScheduleForm, scheduleFormOf } from "./schedule-form.ts";
import { readChannelsQuery, subjectsQuery, useScheduleVerb } from "./schedule-queries.ts";
import { ScheduleRuns } from "./schedule-runs.tsx";
import { subjectWords, weekdays } from "./schedule-words.ts";

interface SchedulePanelProps {
  /** Null makes a new one. */
  schedule: Schedule | null;
  /** What another page asked to be sent. */
  start: string;
  onClose: () => void;
}

type Change = (part: Partial<ScheduleForm>) => void;

/** Makes or changes a schedule, sends it by hand, and shows what it sent. */
export function SchedulePanel({ schedule, start, onClose }: SchedulePanelProps) {
  const [form, setForm] = useState<ScheduleForm>(() => scheduleFormOf(schedule, start));
  const change: Change = (part) => setForm({ ...form, ...part });
  const save = useScheduleVerb(onClose);
  const send = useScheduleVerb();
  const read = readSchedule(form);
  const isOthers = schedule !== null && !schedule.isOwn;
  const keep = () => {
    if (read.input === null) return;
    save.mutate(
      schedule === null ? { do: "create", input: read.input } : { do: "change", of: schedule, input: read.input },
    );
  };
  return (
    <SidePanel
      title={schedule === null ? "New schedule" : schedule.name}
      onClose={onClose}
      footer={
        <>
          {!isOthers && (
            <Button kind="primary" disabled={read.input === null || save.isPending} onClick={keep}>
              {schedule === null ? "Make the schedule" : "Save the change"}
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          {schedule !== null && (
            <Button kind="danger" disabled={save.isPending} onClick={() => save.mutate({ do: "delete", of: schedule })}>
              Delete
            </Button>
          )}
          {read.problem !== null && form.name !== "" && <p className="w-full text-xs text-text-2">{read.problem}</p>}
        </>
      }
    >
      <div className="space-y-6">
        {schedule !== null && (
          <section aria-label="Sending" className="space-y-3">
            {schedule.problem !== null && <p className="text-sm text-warning">Paused: {schedule.problem}</p>}
            {schedule.isOwn && (
              <div className="flex flex-wrap gap-2">
                <Button
                  icon={<Send size={14} aria-hidden />}
                  disabled={send.isPending}
                  onClick={() => send.mutate({ do: "send", of: schedule, to: "me" })}
                >
                  Send to me now
                </Button>
                <Button disabled={send.isPending} onClick={() => send.mutate({ do: "send", of: schedule, to: "all" })}>
                  Send to all now
                </Button>
                {schedule.sends.kind === "view" && <PdfButton viewId={schedule.sends.id} />}
              </div>
            )}
            <ScheduleRuns id={schedule.id} />
          </section>
        )}
        {isOthers ? (
          <p className="text-sm text-text-2">
            It tells what {schedule.owner.name} sees, so nobody else changes or sends it. You can pause and delete it.
          </p>
        ) : (
          <div className="space-y-4">
            <What form={form} onChange={change} />
            <When form={form} onChange={change} />
            <How form={form} onChange={change} />
            <Whom form={form} onChange={change} />
          </div>
        )}
      </div>
    </SidePanel>
  );
}

function PdfButton({ viewId }: { viewId: string }) {
  const pdf = useSavePdf(`/api/v1/views/${encodeURIComponent(viewId)}/pdf`);
  return (
    <Button icon={<FileDown size={14} aria-hidden />} disabled={pdf.isPending} onClick={() => pdf.mutate()}>
      PDF
    </Button>
  );
}

function What({ form, onChange }: { form: ScheduleForm; onChange: Change }) {
  const subjects = useQuery(subjectsQuery(form.kind));
  const kinds = Object.entries(subjectWords).map(([value, label]) => ({
    value: value as ScheduleSubject["kind"],
    label,
  }));
  const all = (subjects.data ?? []).map(({ id, name }) => ({ value: id, label: name }));
  const known = all.some(({ value }) => value === form.subjectId);
  const choose = (subjectId: string) => {
    const name = all.find(({ value }) => value === subjectId)?.label ?? "";
    onChange({ subjectId, ...(form.name === "" ? { name } : {}) });
  };
  return (
    <>
      <div className="grid grid-cols-[8.5rem_minmax(0,1fr)] gap-3">
        <Select label="What" value={form.kind} options={kinds} onChange={(kind) => onChange({ kind, subjectId: "" })} />
        <Select
          label={subjectWords[form.kind]}
          value={known ? form.subjectId : ""}
          options={[{ value: "", label: subjects.isPending ? "Loading…" : "Choose one" }, ...all]}
          onChange={choose}
        />
      </div>
      {subjects.data?.length === 0 && (
        <p className="text-xs text-text-2">There is none yet that is shown to you. Make one first.</p>
      )}
      <TextField
        label="Name, and subject of the mail"
        value={form.name}
        maxLength={120}
        onChange={(name) => onChange({ name })}
      />
      <TextField
        label="Said above the figures"
        value={form.note}
        maxLength={1000}
        onChange={(note) => onChange({ note })}
      />
    </>
  );
}

const cadences = [
  { value: "daily", label: "Every day" },
  { value: "weekly", label: "Every week" },
  { value: "monthly", label: "Every month" },
  { value: "month-close", label: "After a month's close" },
] as const;
const days = [
  ...Array.from({ length: 31 }, (_, index) => ({ value: String(index + 1), label: `Day ${index + 1}` })),
  { value: "last", label: "The last day" },
];
const latestDays = days.slice(1, 28);

function When({ form, onChange }: { form: ScheduleForm; onChange: Change }) {
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        <Select
          label="How often"
          value={form.cadence}
          options={cadences}
          onChange={(cadence) => onChange({ cadence })}
        />
        {form.cadence === "weekly" && (
          <Select
            label="On"
            value={form.weekday}
            options={weekdays.map((label, index) => ({ value: String(index + 1), label }))}
            onChange={(weekday) => onChange({ weekday })}
          />
        )}
        {form.cadence === "monthly" && (
          <Select label="On" value={form.day} options={days} onChange={(day) => onChange({ day })} />
        )}
        {form.cadence === "month-close" && (
          <Select
            label="At the latest on"
            value={form.latestDay}
            options={latestDays}
            onChange={(latestDay) => onChange({ latestDay })}
          />
        )}
      </div>
      <div className="grid grid-cols-2 gap-3">
        <TextField label="At" type="time" value={form.at} onChange={(at) => onChange({ at })} />
        <TextField label="By the clocks of" value={form.timeZone} onChange={(timeZone) => onChange({ timeZone })} />
      </div>
    </>
  );
}

function How({ form, onChange }: { form: ScheduleForm; onChange: Change }) {
  const mayExport = useMay("exports:write");
  return (
    <fieldset className="space-y-2">
      <legend className="mb-1 text-xs text-text-2">Beside the figures in the message, mails have</legend>
      <Checkbox label="A picture of the chart" checked={form.chart} onChange={(chart) => onChange({ chart })} />
      <Checkbox label="A PDF" checked={form.pdf} onChange={(pdf) => onChange({ pdf })} />
      <Checkbox
        label={mayExport ? "CSV, with every digit" : "CSV, for who has exports:write"}
        isDisabled={!mayExport}
        checked={form.csv}
        onChange={(csv) => onChange({ csv })}
      />
    </fieldset>
  );
}

/** Only who may tell others is asked to whom else it goes. */
function Whom({ form, onChange }: { form: ScheduleForm; onChange: Change }) {
  const mayTell = useMay("views:write");
  const [seesPeople, seesChannels] = [useMay("members:read") && mayTell, useMay("alerts:write") && mayTell];
  const members = useQuery({ ...membersQuery, enabled: seesPeople });
  const channels = useQuery({ ...readChannelsQuery, enabled: seesChannels });
  const people = (members.data ?? []).map((one) => ({ value: one.id, label: personName(one) }));
  const chosen = people.filter(({ value }) => form.personIds.includes(value));
  const toggle = (all: readonly string[], id: string, isOn: boolean) =>
    isOn ? [...all, id] : all.filter((one) => one !== id);
  return (
    <fieldset className="space-y-2">
      <legend className="mb-1 text-xs text-text-2">To</legend>
      <Checkbox label="Me" checked={form.toOwner} onChange={(toOwner) => onChange({ toOwner })} />
      {chosen.map(({ value, label }) => (
        <Checkbox
          key={value}
          label={label}
          checked
          onChange={(isOn) => onChange({ personIds: toggle(form.personIds, value, isOn) })}
        />
      ))}
      {(channels.data ?? []).map(({ id, name }) => (
        <Checkbox
          key={id}
          label={`Channel ${name}`}
          checked={form.channelIds.includes(id)}
          onChange={(isOn) => onChange({ channelIds: toggle(form.channelIds, id, isOn) })}
        />
      ))}
      {seesPeople && (
        <Select
          label="Add somebody"
          value=""
          options={[
            { value: "", label: "Choose a person" },
            ...people.filter(({ value }) => !form.personIds.includes(value)),
          ]}
          onChange={(id) => id !== "" && onChange({ personIds: [...form.personIds, id] })}
        />
      )}
      <p className="text-xs text-text-2">
        It tells what you see. Who may see less than that is not sent it.
        {!mayTell && " Sending it to others takes views:write."}
      </p>
    </fieldset>
  );
}
