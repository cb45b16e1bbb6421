import { Button } from "@finops/ui/primitives/button";
import { TextField } from "@finops/ui/primitives/text-field";
import { useMutation } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { addPasskey } from "./passkeys.ts";

/** A passkey of this device, by a name to know it by. */
export function AddPasskey({ onDone }: { onDone: () => void }) {
  const [name, setName] = useState("");
  const add = useMutation({
    mutationFn: () => addPasskey(name.trim()),
    onSuccess: () => {
      setName("");
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <form onSubmit={submit} className="flex flex-wrap items-start gap-2">
      <TextField
        className="flex-1 basis-48"
        label="Name of a passkey"
        value={name}
        onChange={setName}
        maxLength={60}
        required
        placeholder="Laptop"
        error={add.error?.message}
      />
      <Button
        type="submit"
        className="mt-5"
        icon={<KeyRound size={16} aria-hidden className="text-text-3" />}
        disabled={add.isPending || name.trim() === ""}
      >
        Add a passkey
      </Button>
    </form>
  );
}
