import type { KeyInput } from "@finops/capabilities/keys/contract";
import { Button } from "@finops/ui/primitives/button";
import { Checkbox } from "@finops/ui/primitives/checkbox";
import { Select } from "@finops/ui/primitives/select";
import { TextField } from "@finops/ui/primitives/text-field";
import { addDays } from "@finops/kernel/period";
import { type FormEvent, useState } from "react";
import { serverClock } from "../../lib/server-clock.ts";
import { useSession } from "../../lib/session.ts";

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
  const [chosen, setChosen] = useState<readonly string[]>(["costs:read"]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const expiresAt = days === "" ? null : `${addDays(serverClock.today(), Number(days))}T00:00:00Z`;
    onMake({ name, permissions: chosen as KeyInput["permissions"], expiresAt }, () => setName(""));
  };
  return (
    <form onSubmit={submit} className="space-y-3">
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField label="Name of a key" value={name} onChange={setName} required maxLength={120} autoComplete="off" />
        <Select label="Works for" value={days} options={lengths} onChange={setDays} />
      </div>
      <fieldset>
        <legend className="mb-1 text-xs text-text-2">May</legend>
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
      <Button kind="primary" type="submit" disabled={isPending || name.trim() === "" || chosen.length === 0}>
        Make the key
      </Button>
    </form>
  );
}
