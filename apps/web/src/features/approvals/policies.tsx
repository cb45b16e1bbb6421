import type { ApprovalPolicies, ApprovalPolicy } from "@finops/capabilities/approvals/contract";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { Checkbox } from "@finops/ui/primitives/checkbox";
import { Select } from "@finops/ui/primitives/select";
import { TextField } from "@finops/ui/primitives/text-field";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { rolesQuery } from "../../lib/people-queries.ts";
import { useMay } from "../../lib/session.ts";
import { policyTitle } from "./kind-words.ts";
import { policiesQuery, useSavePolicies } from "./approval-queries.ts";

type Policy = ApprovalPolicy;
type Permission = Policy["permission"];

/** Which kinds of change need an approval, and whose. */
export function Policies() {
  const policies = useQuery(policiesQuery);
  return (
    <Card
      title="What needs an approval"
      about="Who asks never approves. Where anything needs an approval, a change of these rules does too."
    >
      <Async of={policies} name="What needs an approval" skeleton={<Skeleton className="m-4 h-48" />}>
        {(now) => <PoliciesForm key={JSON.stringify(now)} now={now} />}
      </Async>
    </Card>
  );
}

function PoliciesForm({ now }: { now: ApprovalPolicies }) {
  const maySet = useMay("settings:write");
  const save = useSavePolicies();
  const [policies, setPolicies] = useState(now.policies);
  const [validDays, setValidDays] = useState(now.validDays);
  const set = (key: string, policy: Policy | null) => {
    const { [key]: _, ...others } = policies;
    setPolicies(policy === null ? others : { ...others, [key]: policy });
  };
  const isChanged = validDays !== now.validDays || wordsOf(policies) !== wordsOf(now.policies);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ policies, validDays });
  };
  return (
    <form onSubmit={submit} className="space-y-4 px-4 pb-4">
      <ul aria-label="Kinds of change" className="divide-y divide-line rounded-md border border-line">
        {now.kinds.map(({ key, about }) => (
          <KindRow
            key={key}
            title={policyTitle(key)}
            about={about}
            policy={policies[key] ?? null}
            isFixed={!maySet}
            onChange={(policy) => set(key, policy)}
          />
        ))}
      </ul>
      <TextField
        className="max-w-60"
        label="Days in which it can be approved"
        type="number"
        min={1}
        max={90}
        required
        disabled={!maySet}
        value={String(validDays)}
        onChange={(text) => setValidDays(Number(text))}
      />
      {maySet ? (
        <Button kind="primary" type="submit" disabled={!isChanged || save.isPending}>
          Save
        </Button>
      ) : (
        <p className="text-xs text-text-2">Who has settings:write can change it.</p>
      )}
    </form>
  );
}

interface KindRowProps {
  title: string;
  about: string;
  policy: Policy | null;
  isFixed: boolean;
  onChange: (policy: Policy | null) => void;
}

function KindRow({ title, about, policy, isFixed, onChange }: KindRowProps) {
  const { data: list } = useQuery(rolesQuery);
  // What can be limited to a part of the costs says nothing about the whole company, so it approves nothing.
  const permissions = (list?.permissions ?? []).filter(({ canBeLimited }) => !canBeLimited);
  const known = policy === null || permissions.some(({ key }) => key === policy.permission);
  return (
    <li className="flex flex-wrap items-end gap-3 px-3 py-2.5">
      <div className="min-w-0 flex-1 basis-72 self-center">
        <Checkbox
          label={title}
          checked={policy !== null}
          isDisabled={isFixed}
          onChange={(isOn) => onChange(isOn ? { permission: usual, people: 1 } : null)}
        />
        <p className="pl-6 text-xs text-text-2">{about}.</p>
      </div>
      {policy !== null && (
        <>
          <Select
            className="basis-44"
            label="By who has"
            value={policy.permission}
            isDisabled={isFixed}
            options={[
              ...(known ? [] : [{ value: policy.permission, label: policy.permission }]),
              ...permissions.map(({ key }) => ({ value: key, label: key })),
            ]}
            onChange={(permission: Permission) => onChange({ ...policy, permission })}
          />
          <Select
            className="basis-36"
            label="How many"
            value={String(policy.people)}
            isDisabled={isFixed}
            options={[1, 2, 3, 4, 5].map((count) => ({
              value: String(count),
              label: count === 1 ? "One person" : `${count} people`,
            }))}
            onChange={(count) => onChange({ ...policy, people: Number(count) })}
          />
        </>
      )}
    </li>
  );
}

const usual: Permission = "access:write";

/** The same for the same policies, in whatever order they were set. */
function wordsOf(policies: ApprovalPolicies["policies"]): string {
  return Object.entries(policies)
    .map(([key, { permission, people }]) => `${key} ${permission} ${people}`)
    .toSorted()
    .join("\n");
}
