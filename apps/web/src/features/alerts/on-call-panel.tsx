import type { OnCallSchedule } from "@finops/capabilities/on-call/contract";
import { Button } from "@finops/ui/primitives/button";
import { Select } from "@finops/ui/primitives/select";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { TextField } from "@finops/ui/primitives/text-field";
import { useQuery } from "@tanstack/react-query";
import { ArrowUp, Plus, X } from "lucide-react";
import { useState } from "react";
import { companyQuery } from "../../lib/company-queries.ts";
import { membersQuery } from "../../lib/people-queries.ts";
import { useMay } from "../../lib/session.ts";
import { weekdays } from "./channel-form.ts";
import { EditFooter } from "./edit-footer.tsx";
import { useChangeOnCall } from "./escalation-queries.ts";
import { type OnCallForm, onCallFormOf, readOnCall } from "./on-call-form.ts";

interface PanelProps {
  schedule: OnCallSchedule | null;
  now: Date;
  onClose: () => void;
}

/** Makes or changes a schedule of people on call. */
export function OnCallPanel({ schedule, now, onClose }: PanelProps) {
  const company = useQuery(companyQuery);
  const [typed, setTyped] = useState<OnCallForm | null>(null);
  const form = typed ?? onCallFormOf(schedule, company.data?.timeZone ?? "UTC", now);
  const change = (part: Partial<OnCallForm>) => setTyped({ ...form, ...part });
  const save = useChangeOnCall(onClose);
  const { input, problem } = readOnCall(form);
  const send = () => {
    if (input === null) return;
    save.mutate(
      schedule === null ? { do: "create", input } : { do: "change", id: schedule.id, version: schedule.version, input },
    );
  };
  return (
    <SidePanel
      title={schedule === null ? "New schedule" : `Change ${schedule.name}`}
      onClose={onClose}
      footer={
        <EditFooter
          what="schedule"
          isNew={schedule === null}
          isBlocked={input === null}
          isPending={save.isPending}
          problem={form.name === "" ? null : problem}
          onSave={send}
          onClose={onClose}
          onDelete={() =>
            schedule !== null && save.mutate({ do: "delete", id: schedule.id, version: schedule.version })
          }
        />
      }
    >
      <div className="space-y-4">
        <TextField label="Name" value={form.name} maxLength={120} onChange={(name) => change({ name })} />
        <People schedule={schedule} form={form} onChange={change} />
        <div className="grid grid-cols-2 gap-3">
          <Select
            label="Handed over"
            value={form.every}
            options={[
              { value: "week", label: "Each week" },
              { value: "day", label: "Each day" },
            ]}
            onChange={(every) => change({ every })}
          />
          {form.every === "week" && (
            <Select label="On" value={form.weekday} options={weekdays} onChange={(weekday) => change({ weekday })} />
          )}
          <TextField label="At" type="time" value={form.at} onChange={(at) => change({ at })} />
          <TextField label="Time zone" value={form.timeZone} onChange={(timeZone) => change({ timeZone })} />
          <TextField label="First day" type="date" value={form.start} onChange={(start) => change({ start })} />
        </div>
        <Overrides schedule={schedule} form={form} onChange={change} />
      </div>
    </SidePanel>
  );
}

interface PartProps {
  schedule: OnCallSchedule | null;
  form: OnCallForm;
  onChange: (part: Partial<OnCallForm>) => void;
}

/** Everybody who can be chosen, by id; who is in the schedule already also where they left or one sees no people. */
function usePeople(schedule: OnCallSchedule | null): { value: string; label: string }[] {
  const seesPeople = useMay("members:read");
  const members = useQuery({ ...membersQuery, enabled: seesPeople });
  const choices = (members.data ?? []).map(({ id, name, email }) => ({ value: id, label: name === "" ? email : name }));
  const kept = [
    ...(schedule?.people ?? []).map(({ id, name, hasLeft }) => ({
      value: id,
      label: hasLeft ? `${name} (left)` : name,
    })),
    ...(schedule?.overrides ?? []).map(({ person }) => ({ value: person.id, label: person.name })),
  ];
  for (const one of kept) if (!choices.some(({ value }) => value === one.value)) choices.push(one);
  return choices;
}

function People({ schedule, form, onChange }: PartProps) {
  const choices = usePeople(schedule);
  const { people } = form;
  const nameOf = (id: string) => choices.find(({ value }) => value === id)?.label ?? "…";
  return (
    <fieldset className="space-y-2">
      <legend className="mb-1 text-xs text-text-2">On call, in this order</legend>
      <ol className="space-y-1" aria-label="Order">
        {people.map((id, index) => (
          <li key={`${id} ${index}`} className="flex items-center gap-2 text-sm">
            <span className="w-5 text-right text-text-2 tabular-nums">{index + 1}.</span>
            <span className="min-w-0 flex-1 truncate" dir="auto">
              {nameOf(id)}
            </span>
            {index > 0 && (
              <Button
                kind="quiet"
                icon={<ArrowUp size={16} aria-hidden />}
                aria-label={`Move ${nameOf(id)} up`}
                onClick={() => onChange({ people: people.toSpliced(index, 1).toSpliced(index - 1, 0, id) })}
              />
            )}
            <Button
              kind="quiet"
              icon={<X size={16} aria-hidden />}
              aria-label={`Take ${nameOf(id)} out`}
              onClick={() => onChange({ people: people.toSpliced(index, 1) })}
            />
          </li>
        ))}
      </ol>
      <Select
        label="Add a person"
        value=""
        options={[{ value: "", label: "Choose…" }, ...choices.filter(({ value }) => !people.includes(value))]}
        onChange={(id) => id !== "" && onChange({ people: [...people, id] })}
      />
    </fieldset>
  );
}

function Overrides({ schedule, form, onChange }: PartProps) {
  const choices = usePeople(schedule);
  const { overrides } = form;
  const put = (index: number, part: object) =>
    onChange({ overrides: overrides.map((one, at) => (at === index ? { ...one, ...part } : one)) });
  return (
    <fieldset className="space-y-2">
      <legend className="mb-1 text-xs text-text-2">Taken over, by your clock</legend>
      {overrides.map((one, index) => (
        <div key={index} className="space-y-2 rounded-md border border-line p-3">
          <div className="flex items-end gap-2">
            <Select
              label={`Take-over ${index + 1} by`}
              className="min-w-0 flex-1"
              value={one.personId}
              options={[{ value: "", label: "Choose…" }, ...choices]}
              onChange={(personId) => put(index, { personId })}
            />
            <Button
              kind="quiet"
              icon={<X size={16} aria-hidden />}
              aria-label={`Remove take-over ${index + 1}`}
              onClick={() => onChange({ overrides: overrides.toSpliced(index, 1) })}
            />
          </div>
          <div className="grid grid-cols-2 gap-2">
            <TextField label="From" type="datetime-local" value={one.from} onChange={(from) => put(index, { from })} />
            <TextField label="Until" type="datetime-local" value={one.to} onChange={(to) => put(index, { to })} />
          </div>
        </div>
      ))}
      <Button
        kind="quiet"
        icon={<Plus size={16} aria-hidden />}
        onClick={() => onChange({ overrides: [...overrides, { personId: "", from: "", to: "" }] })}
      >
        Somebody takes over
      </Button>
    </fieldset>
  );
}
