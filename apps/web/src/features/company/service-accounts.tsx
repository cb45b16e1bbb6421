import type { ServiceAccount, ServiceAccountChange, ServiceAccountInput } from "@finops/capabilities/keys/contract";
import type { Scope } from "@finops/capabilities/people/contract";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { Select } from "@finops/ui/primitives/select";
import { TextField } from "@finops/ui/primitives/text-field";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ScopeField, ScopeText } from "../../lib/cost-filter/scope-field.tsx";
import { rolesQuery } from "../../lib/people-queries.ts";
import { serviceAccountsPath, serviceAccountsQuery } from "./service-account-query.ts";
import { useSave } from "./use-save.ts";

const key = serviceAccountsQuery.queryKey;
const path = serviceAccountsPath;

/** Programs that have keys and outlive the person who set them up. */
export function ServiceAccounts() {
  const { data } = useQuery(serviceAccountsQuery);
  return (
    <Card title="Service accounts" about="Something that is no person and has keys, with a role of its own.">
      <div className="space-y-4 px-4 pb-4">
        {data !== undefined && data.length > 0 && (
          <ul aria-label="Service accounts" className="divide-y divide-line rounded-md border border-line">
            {data.map((account) => (
              <AccountRow key={account.id} account={account} />
            ))}
          </ul>
        )}
        <AccountForm />
      </div>
    </Card>
  );
}

function AccountRow({ account }: { account: ServiceAccount }) {
  const isDisabled = account.disabledAt !== null;
  const change = useSave<ServiceAccountChange>({
    method: "PATCH",
    path: () => `${path}/${account.id}`,
    body: (body) => body,
    stale: key,
    refused: "The account was not changed.",
  });
  return (
    <li className="flex flex-wrap items-center gap-3 px-3 py-2.5">
      <span className="min-w-0 flex-1 basis-60">
        <span className="flex items-center gap-2">
          <span className="truncate font-medium" dir="auto">
            {account.name}
          </span>
          {isDisabled && <Badge tone="warning">Disabled</Badge>}
        </span>
        <span className="block text-xs text-text-2">
          {account.role.name} · {account.keyCount === 1 ? "one key" : `${account.keyCount} keys`} · by{" "}
          {account.createdBy}
          {account.scope !== null && (
            <>
              {" "}
              · sees <ScopeText scope={account.scope} />
            </>
          )}
        </span>
      </span>
      <Button
        kind={isDisabled ? "plain" : "danger"}
        disabled={change.isPending}
        aria-label={`${isDisabled ? "Enable" : "Disable"} ${account.name}`}
        onClick={() => change.mutate({ isDisabled: !isDisabled })}
      >
        {isDisabled ? "Enable" : "Disable"}
      </Button>
    </li>
  );
}

function AccountForm() {
  const { data: list } = useQuery(rolesQuery);
  const [name, setName] = useState("");
  const [role, setRole] = useState("viewer");
  const [scope, setScope] = useState<Scope>(null);
  const add = useSave<ServiceAccountInput>({
    method: "POST",
    path: () => path,
    body: (body) => body,
    stale: key,
    refused: "No account was made.",
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ name, role, scope }, { onSuccess: () => setName("") });
  };
  return (
    <form onSubmit={submit} className="space-y-3">
      <div className="flex flex-wrap items-end gap-3">
        <TextField
          className="flex-1 basis-48"
          label="Name of a service account"
          value={name}
          onChange={setName}
          required
          maxLength={120}
          autoComplete="off"
        />
        <Select
          className="basis-40"
          label="Role"
          value={role}
          options={(list?.roles ?? [{ key: "viewer", name: "Viewer" }]).map((one) => ({
            value: one.key,
            label: one.name,
          }))}
          onChange={setRole}
        />
      </div>
      <div className="max-w-md">
        <ScopeField scope={scope} onChange={setScope} />
      </div>
      <Button type="submit" disabled={add.isPending || name.trim() === ""}>
        Add
      </Button>
    </form>
  );
}
