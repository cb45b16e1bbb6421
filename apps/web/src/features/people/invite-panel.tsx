import type { Scope } from "@finops/capabilities/people/contract";
import { Button } from "@finops/ui/primitives/button";
import { Select } from "@finops/ui/primitives/select";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { TextField } from "@finops/ui/primitives/text-field";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useToasts } from "../../lib/toasts.tsx";
import { isWaiting } from "../../lib/use-approved-change.ts";
import { useInvite } from "./people-changes.ts";
import { rolesQuery, unitsQuery } from "../../lib/people-queries.ts";
import { ScopeField } from "../../lib/cost-filter/scope-field.tsx";
import { unitPath } from "../../lib/unit-path.ts";

/** Asks somebody in, with a role and what they will see. */
export function InvitePanel({ onClose, onInvited }: { onClose: () => void; onInvited: () => void }) {
  const formId = useId();
  const { data: list } = useQuery(rolesQuery);
  const { data: units } = useQuery(unitsQuery);
  const tell = useToasts((toasts) => toasts.show);
  const invite = useInvite();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState("viewer");
  const [scope, setScope] = useState<Scope>(null);
  const [unitId, setUnitId] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate(
      { email, role, scope: role === "owner" ? null : scope, unitId: unitId === "" ? null : unitId },
      {
        onSuccess: (answer) => {
          if (!isWaiting(answer))
            tell({
              id: "invited",
              tone: "info",
              title: `${answer.email} is invited.`,
              body: "They belong to the company once they use the link in their mail.",
            });
          onInvited();
        },
      },
    );
  };
  return (
    <SidePanel
      title="Invite a person"
      about="They get a mail with a link that signs them in, within 7 days."
      onClose={onClose}
      footer={
        <>
          <Button kind="primary" type="submit" form={formId} disabled={email.trim() === "" || invite.isPending}>
            Send the invitation
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="space-y-4">
        <TextField label="E-mail address" type="email" value={email} onChange={setEmail} required autoComplete="off" />
        <Select
          label="Role"
          value={role}
          options={(list?.roles ?? [{ key: "viewer", name: "Viewer" }]).map((one) => ({
            value: one.key,
            label: one.name,
          }))}
          onChange={setRole}
        />
        <ScopeField
          scope={role === "owner" ? null : scope}
          fixedBecause={role === "owner" ? "An owner sees all of the company's costs." : undefined}
          onChange={setScope}
        />
        <Select
          label="Unit"
          value={unitId}
          options={[
            { value: "", label: "None" },
            ...(units ?? []).map((unit) => ({ value: unit.id, label: unitPath(units ?? [], unit.id) })),
          ]}
          onChange={setUnitId}
        />
      </form>
    </SidePanel>
  );
}
