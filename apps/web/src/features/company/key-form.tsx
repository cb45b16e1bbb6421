import type { KeyInput } from "@finops/capabilities/keys/contract";
import type { Scope } from "@finops/capabilities/people/contract";
import { Button } from "@finops/ui/primitives/button";
import { Checkbox } from "@finops/ui/primitives/checkbox";
import { Select } from "@finops/ui/primitives/select";
import { TextField } from "@finops/ui/primitives/text-field";
import { addDays } from "@finops/kernel/period";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ScopeField } from "../../lib/cost-filter/scope-field.tsx";
import { serverClock } from "../../lib/server-clock.ts";
import { useSession } from "../../lib/session.ts";
import { serviceAccountsQuery } from "./service-account-query.ts";

const lengths = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "A year" },
  { value: "", label: "Until it is revoked" },
];

interface KeyFormProps {
  isPending: boolean;
  onMake: (input: KeyInput, done: () => void) => void;
}

/** A key with a part of what one may oneself. */
export function KeyForm({ isPending, onMake }: KeyFormProps) {
  const session = useSession();
  const own = session.data?.signedIn === true ? session.data.permissions : [];
  const [name, setName] = useState("");
  const [days, setDays] = useState("90");
  const [account, setAccount] = useState("");
  const [scope, setScope] = useState<Scope>(null);
  const { data: accounts = [] } = useQuery(serviceAccountsQuery);
  const [chosen, setChosen] = useState<readonly string[]>(["costs:read"]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const expiresAt = days === "" ? null : `${addDays(serverClock.today(), Number(days))}T00:00:00Z`;
    onMake(
      {
        name,
        permissions: chosen as KeyInput["permissions"],
        scope,
        serviceAccountId: account === "" ? null : account,
        expiresAt,
      },
      () => setName(""),
    );
  };
  return (
    <form onSubmit={submit} className="space-y-3">
      <div className="grid gap-3 sm:grid-cols-3">
        <TextField label="Name of a key" value={name} onChange={setName} required maxLength={120} autoComplete="off" />
        <Select label="Works for" value={days} options={lengths} onChange={setDays} />
        <Select
          label="Belongs to"
          value={account}
          options={[
            { value: "", label: "No service account" },
            ...accounts
              .filter(({ disabledAt }) => disabledAt === null)
              .map((one) => ({ value: one.id, label: `${one.name} (${one.role.name})` })),
          ]}
          onChange={setAccount}
        />
      </div>
      <fieldset>
        <legend className="mb-1 text-xs text-text-2">
          {account === "" ? "May" : "May, beside what its service account may"}
        </legend>
        <div className="grid gap-1.5 sm:grid-cols-3">
          {own.map((permission) => (
            <Checkbox
              key={permission}
              label={permission}
              checked={chosen.includes(permission)}
              onChange={(isChosen) =>
                setChosen(isChosen ? [...chosen, permission] : chosen.filter((one) => one !== permission))
              }
            />
          ))}
        </div>
      </fieldset>
      <div className="max-w-md">
        <ScopeField scope={scope} onChange={setScope} />
      </div>
      <Button
        kind="primary"
        type="submit"
        disabled={isPending || name.trim() === "" || (chosen.length === 0 && account === "")}
      >
        Make the key
      </Button>
    </form>
  );
}
