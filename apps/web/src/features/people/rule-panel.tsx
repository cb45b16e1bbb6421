import { Button } from "@finops/ui/primitives/button";
import { Segments } from "@finops/ui/primitives/segments";
import { Select } from "@finops/ui/primitives/select";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { TextField } from "@finops/ui/primitives/text-field";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { RoleFields, usualGift } from "../../lib/access/role-fields.tsx";
import { groupsQuery } from "../../lib/people-queries.ts";
import { useToasts } from "../../lib/toasts.tsx";
import { isWaiting } from "../../lib/use-approved-change.ts";
import { peopleWords } from "./people-count.ts";
import { useCreateRule } from "./people-changes.ts";

/** Makes a rule: whose attribute has a value gets a role, or a place in a group. */
export function RulePanel({ onClose }: { onClose: () => void }) {
  const formId = useId();
  const tell = useToasts((toasts) => toasts.show);
  const create = useCreateRule();
  // Who is in a group of an identity provider is said there, so no rule puts anybody into it.
  const groups = (useQuery(groupsQuery).data ?? []).filter(({ isProvisioned }) => !isProvisioned);
  const [name, setName] = useState("");
  const [attribute, setAttribute] = useState("groups");
  const [value, setValue] = useState("");
  const [gives, setGives] = useState<"role" | "group">("role");
  const [gift, setGift] = useState(usualGift);
  const [groupId, setGroupId] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      { name, attribute, value, gives: gives === "role" ? gift : { groupId } },
      {
        onSuccess: (answer) => {
          if (!isWaiting(answer))
            tell({ id: "rule", tone: "info", title: `The rule gives this to ${peopleWords(answer.memberCount)} now.` });
          onClose();
        },
      },
    );
  };
  const isReady = [name, attribute, value].every((text) => text.trim() !== "") && (gives === "role" || groupId !== "");
  return (
    <SidePanel
      title="New rule"
      about="Gives something to everybody of whom an identity provider says so, now and whenever it does. You can give what you have yourself."
      onClose={onClose}
      footer={
        <>
          <Button kind="primary" type="submit" form={formId} disabled={!isReady || create.isPending}>
            Make the rule
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="space-y-4">
        <TextField label="Name" value={name} onChange={setName} maxLength={120} required />
        <TextField
          label="Whose"
          value={attribute}
          onChange={setAttribute}
          maxLength={200}
          about="An attribute, as sign-in or SCIM says it: groups, department, costCenter."
          required
        />
        <TextField
          label="Is"
          value={value}
          onChange={setValue}
          maxLength={500}
          about="The whole value, letter for letter. Of several values, one of them."
          required
        />
        <div>
          <span className="mb-1 block text-xs text-text-2">Gets</span>
          <Segments
            label="Gets"
            value={gives}
            options={[
              { value: "role", label: "A role" },
              { value: "group", label: "A place in a group" },
            ]}
            onChoose={setGives}
          />
        </div>
        {gives === "role" ? (
          <RoleFields gift={gift} onChange={setGift} />
        ) : (
          <Select
            label="Group"
            value={groupId}
            options={[
              { value: "", label: groups.length === 0 ? "There is no group yet" : "Choose a group" },
              ...groups.map((group) => ({ value: group.id, label: group.name })),
            ]}
            onChange={setGroupId}
          />
        )}
      </form>
    </SidePanel>
  );
}
