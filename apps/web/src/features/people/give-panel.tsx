import type { GrantInput, Scope } from "@finops/capabilities/people/contract";
import { addDays } from "@finops/kernel/period";
import { Button } from "@finops/ui/primitives/button";
import { Segments } from "@finops/ui/primitives/segments";
import { Select } from "@finops/ui/primitives/select";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { TextArea } from "@finops/ui/primitives/text-area";
import { TextField } from "@finops/ui/primitives/text-field";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { serverClock } from "../../lib/server-clock.ts";
import { useSession } from "../../lib/session.ts";
import { useToasts } from "../../lib/toasts.tsx";
import { isWaiting } from "../../lib/use-approved-change.ts";
import { endOfDay } from "./grant-words.ts";
import { useGiveGrant } from "./people-changes.ts";
import { groupsQuery, membersQuery, personName, rolesQuery, unitsQuery } from "../../lib/people-queries.ts";
import { ScopeField } from "../../lib/cost-filter/scope-field.tsx";
import { unitPath } from "../../lib/unit-path.ts";

const usualDays = 7;

/** Gives somebody a role for a time. `to` is `person:<id>`, `group:<id>`, or anything else for nobody yet. */
export function GivePanel({ to, onClose }: { to: string; onClose: () => void }) {
  const formId = useId();
  const today = serverClock.today();
  const subjects = useSubjects();
  const { data: list } = useQuery(rolesQuery);
  const { data: units } = useQuery(unitsQuery);
  const tell = useToasts((toasts) => toasts.show);
  const give = useGiveGrant();
  const [subject, setSubject] = useState(/^(person|group):/.test(to) ? to : "");
  const [role, setRole] = useState("viewer");
  const [ends, setEnds] = useState<"day" | "never">("day");
  const [lastDay, setLastDay] = useState(addDays(today, usualDays));
  const [unitId, setUnitId] = useState("");
  const [scope, setScope] = useState<Scope>(null);
  const [reason, setReason] = useState("");
  // Owners are made in the company, by an owner.
  const roles = (list?.roles ?? []).filter((one) => one.key !== "owner");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [kind, id] = subject.split(":") as ["person" | "group", string];
    const grant: GrantInput = {
      subject: { kind, id },
      role,
      unitId: unitId === "" ? null : unitId,
      scope,
      validUntil: ends === "never" ? null : endOfDay(lastDay),
      reason,
    };
    give.mutate(grant, {
      onSuccess: (answer) => {
        if (!isWaiting(answer)) tell({ id: "given", tone: "info", title: "It holds from the next request on." });
        onClose();
      },
    });
  };
  const isReady = subject !== "" && (ends === "never" || lastDay !== "") && !give.isPending;
  return (
    <SidePanel
      title="Give access"
      about="A role beside what they have anyway. You can give what you have yourself."
      onClose={onClose}
      footer={
        <>
          <Button kind="primary" type="submit" form={formId} disabled={!isReady}>
            Give it
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="space-y-4">
        <Select
          label="To"
          value={subject}
          options={[{ value: "", label: "Choose a person or a group" }, ...subjects]}
          onChange={setSubject}
        />
        <Select
          label="Role"
          value={role}
          options={roles.map((one) => ({ value: one.key, label: one.name }))}
          onChange={setRole}
        />
        <Select
          label="In"
          value={unitId}
          options={[
            { value: "", label: "The whole company" },
            ...(units ?? []).map((unit) => ({ value: unit.id, label: unitPath(units ?? [], unit.id) })),
          ]}
          onChange={setUnitId}
        />
        <ScopeField scope={scope} onChange={setScope} />
        <div>
          <span className="mb-1 block text-xs text-text-2">Ends</span>
          <div className="flex flex-wrap items-end gap-3">
            <Segments
              label="Ends"
              value={ends}
              options={[
                { value: "day", label: "After a day" },
                { value: "never", label: "Never" },
              ]}
              onChoose={setEnds}
            />
            {ends === "day" && (
              <TextField
                label="Last day (UTC)"
                isLabelHidden
                type="date"
                min={today}
                value={lastDay}
                onChange={setLastDay}
                required
              />
            )}
          </div>
        </div>
        <TextArea label="Why" value={reason} onChange={setReason} rows={2} maxLength={500} />
      </form>
    </SidePanel>
  );
}

/** Everybody but oneself: nobody gives access to themselves. */
function useSubjects(): { value: string; label: string }[] {
  const { data: members } = useQuery(membersQuery);
  const { data: groups } = useQuery(groupsQuery);
  const session = useSession();
  const me = session.data?.signedIn === true ? session.data.email : null;
  return [
    ...(groups ?? []).map(({ id, name }) => ({ value: `group:${id}`, label: `${name} (group)` })),
    ...(members ?? [])
      .filter(({ email }) => email !== me)
      .map((member) => ({ value: `person:${member.id}`, label: personName(member) })),
  ];
}
