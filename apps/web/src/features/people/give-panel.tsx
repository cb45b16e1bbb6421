import type { GrantInput } from "@finops/capabilities/people/contract";
import { addDays } from "@finops/kernel/period";
import { Button } from "@finops/ui/primitives/button";
import { Segments } from "@finops/ui/primitives/segments";
import { Select } from "@finops/ui/primitives/select";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { TextArea } from "@finops/ui/primitives/text-area";
import { TextField } from "@finops/ui/primitives/text-field";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { endOfDay } from "../../lib/access/grant-words.ts";
import { RoleFields, usualGift } from "../../lib/access/role-fields.tsx";
import { useColleagues } from "../../lib/access/use-colleagues.ts";
import { serverClock } from "../../lib/server-clock.ts";
import { useToasts } from "../../lib/toasts.tsx";
import { isWaiting } from "../../lib/use-approved-change.ts";
import { useGiveGrant } from "./people-changes.ts";
import { groupsQuery, personName } from "../../lib/people-queries.ts";

const usualDays = 7;

/** Gives somebody a role for a time. `to` is `person:<id>`, `group:<id>`, or anything else for nobody yet. */
export function GivePanel({ to, onClose }: { to: string; onClose: () => void }) {
  const formId = useId();
  const today = serverClock.today();
  const subjects = useSubjects();
  const tell = useToasts((toasts) => toasts.show);
  const give = useGiveGrant();
  const [subject, setSubject] = useState(/^(person|group):/.test(to) ? to : "");
  const [gift, setGift] = useState(usualGift);
  const [ends, setEnds] = useState<"day" | "never">("day");
  const [lastDay, setLastDay] = useState(addDays(today, usualDays));
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [kind, id] = subject.split(":") as ["person" | "group", string];
    const grant: GrantInput = {
      subject: { kind, id },
      ...gift,
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
        <RoleFields gift={gift} onChange={setGift} />
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

function useSubjects(): { value: string; label: string }[] {
  const colleagues = useColleagues();
  const { data: groups } = useQuery(groupsQuery);
  return [
    ...(groups ?? []).map(({ id, name }) => ({ value: `group:${id}`, label: `${name} (group)` })),
    ...colleagues.map((member) => ({ value: `person:${member.id}`, label: personName(member) })),
  ];
}
