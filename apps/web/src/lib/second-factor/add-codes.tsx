import { Button } from "@finops/ui/primitives/button";
import { TextField } from "@finops/ui/primitives/text-field";
import { Notice } from "@finops/ui/states/notice";
import { useMutation } from "@tanstack/react-query";
import { Smartphone } from "lucide-react";
import { type FormEvent, useState } from "react";
import { request } from "../api.ts";
import { QrCode } from "./qr-code.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";

interface NewSecret {
  secret: string;
  uri: string;
}

interface AddCodesProps {
  /** The recovery codes are on the screen, once: this must stay there until `onDone`, whatever is read anew meanwhile. */
  onCodes: () => void;
  onDone: () => void;
}

/** An app that shows codes: its secret as a picture and as text, then the first code, then the recovery codes, once. */
export function AddCodes({ onCodes, onDone }: AddCodesProps) {
  const begin = useMutation({
    mutationFn: () => request<NewSecret>("/api/second-factor/codes", { method: "POST" }),
  });
  const [code, setCode] = useState("");
  const confirm = useMutation({
    mutationFn: () =>
      request<{ recoveryCodes: string[] }>("/api/second-factor/codes/confirm", { method: "POST", body: { code } }),
    onSuccess: onCodes,
  });
  if (confirm.data !== undefined) return <RecoveryCodes codes={confirm.data.recoveryCodes} onDone={onDone} />;
  if (begin.data === undefined)
    return (
      <div className="space-y-2">
        <Button
          icon={<Smartphone size={16} aria-hidden className="text-text-3" />}
          disabled={begin.isPending}
          onClick={() => begin.mutate()}
        >
          Add an app that shows codes
        </Button>
        {begin.isError && (
          <Notice tone="error" title="No app can be added.">
            {begin.error.message}
          </Notice>
        )}
      </div>
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate();
  };
  return (
    <form onSubmit={submit} className="space-y-4">
      <p className="text-sm text-text-2">Take a picture of it with your app, or type the secret into it.</p>
      <QrCode text={begin.data.uri} label="The secret for your app" />
      <code className="block rounded-md bg-surface-2 px-3 py-2 text-sm break-all select-all">{begin.data.secret}</code>
      <TextField
        label="The code that it shows"
        value={code}
        onChange={setCode}
        required
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={10}
        error={confirm.error?.message}
      />
      <Button kind="primary" type="submit" disabled={confirm.isPending}>
        Confirm
      </Button>
    </form>
  );
}
