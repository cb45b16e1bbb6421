import { addDays } from "@finops/kernel/period";
import { Button } from "@finops/ui/primitives/button";
import { Select } from "@finops/ui/primitives/select";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { TextArea } from "@finops/ui/primitives/text-area";
import { TextField } from "@finops/ui/primitives/text-field";
import { type FormEvent, useId, useState } from "react";
import { endOfDay } from "../../lib/access/grant-words.ts";
import { RoleFields, usualGift } from "../../lib/access/role-fields.tsx";
import { useColleagues } from "../../lib/access/use-colleagues.ts";
import { personName } from "../../lib/people-queries.ts";
import { serverClock } from "../../lib/server-clock.ts";
import { useToasts } from "../../lib/toasts.tsx";
import { isWaiting } from "../../lib/use-approved-change.ts";
import { useDelegate } from "./delegation-changes.ts";

const usualDays = 7;

/** Lets a colleague do for a time what one may do oneself. */
export function DelegatePanel({ onClose }: { onClose: () => void }) {
  const formId = useId();
  const today = serverClock.today();
  const colleagues = useColleagues();
  const tell = useToasts((toasts) => toasts.show);
  const delegate = useDelegate();
  const [person, setPerson] = useState("");
  const [gift, setGift] = useState(usualGift);
  const [lastDay, setLastDay] = useState(addDays(today, usualDays));
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    delegate.mutate(
      { person, ...gift, validUntil: endOfDay(lastDay), reason },
      {
        onSuccess: (answer) => {
          if (!isWaiting(answer)) tell({ id: "delegated", tone: "info", title: "It holds from the next request on." });
          onClose();
        },
      },
    );
  };
  return (
    <SidePanel
      title="Delegate"
      about="Of the role they get what you have yourself, for as long as you have it."
      onClose={onClose}
      footer={
        <>
          <Button
            kind="primary"
            type="submit"
            form={formId}
            disabled={person === "" || lastDay === "" || delegate.isPending}
          >
            Delegate it
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="space-y-4">
        <Select
          label="To"
          value={person}
          options={[
            { value: "", label: colleagues.length === 0 ? "Nobody else is here yet" : "Choose a person" },
            ...colleagues.map((member) => ({ value: member.id, label: personName(member) })),
          ]}
          onChange={setPerson}
        />
        <RoleFields gift={gift} onChange={setGift} />
        <TextField
          label="Last day (UTC)"
          type="date"
          min={today}
          value={lastDay}
          onChange={setLastDay}
          about="Within 90 days. For longer, ask for a grant."
          required
        />
        <TextArea label="Why" value={reason} onChange={setReason} rows={2} maxLength={500} />
      </form>
    </SidePanel>
  );
}
