import type { SecondFactorState } from "@finops/capabilities/sign-in/contract";
import { Button } from "@finops/ui/primitives/button";
import { TextField } from "@finops/ui/primitives/text-field";
import { Notice } from "@finops/ui/states/notice";
import { useMutation, useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { request } from "../api.ts";
import { hasPasskeys, showOwnPasskey } from "./passkeys.ts";

/** A code of the person's app, a recovery code or a passkey, for this session. */
export function ShowFactor({ onDone }: { onDone: () => void }) {
  const { data: state } = useQuery({
    queryKey: ["second-factor"],
    queryFn: ({ signal }) => request<SecondFactorState>("/api/second-factor", { signal }),
  });
  const [code, setCode] = useState("");
  const show = useMutation({
    mutationFn: () => request<void>("/api/second-factor/show", { method: "POST", body: { code } }),
    onSuccess: onDone,
  });
  const passkey = useMutation({ mutationFn: showOwnPasskey, onSuccess: onDone });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    show.mutate();
  };
  return (
    <div className="space-y-5">
      {state?.hasCodes !== false && (
        <form onSubmit={submit} className="space-y-2">
          <TextField
            label="Code"
            value={code}
            onChange={setCode}
            required
            maxLength={40}
            inputMode="text"
            autoComplete="one-time-code"
            autoCapitalize="none"
            spellCheck={false}
            error={show.error?.message}
            about="Six digits of your app, or one of your recovery codes."
          />
          <Button kind="primary" type="submit" className="!h-10 w-full" disabled={show.isPending}>
            Go on
          </Button>
        </form>
      )}
      {state !== undefined && state.passkeys.length > 0 && hasPasskeys() && (
        <Button
          className="!h-10 w-full"
          icon={<KeyRound size={16} aria-hidden className="text-text-3" />}
          disabled={passkey.isPending}
          onClick={() => passkey.mutate()}
        >
          Use a passkey
        </Button>
      )}
      {passkey.isError && (
        <Notice tone="error" title="The passkey was not taken.">
          {passkey.error.message}
        </Notice>
      )}
      <p className="text-sm text-text-2">
        Neither at hand? An owner of the company can take your second factor away, so that you add another one.
      </p>
    </div>
  );
}
