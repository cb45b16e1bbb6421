import type { SecondFactorState } from "@finops/capabilities/sign-in/contract";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatDay } from "@finops/ui/text/format-day";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { request } from "../../lib/api.ts";
import { sessionKey } from "../../lib/query-client.ts";
import { useToasts } from "../../lib/toasts.tsx";
import { AddCodes } from "../../lib/second-factor/add-codes.tsx";
import { AddPasskey } from "../../lib/second-factor/add-passkey.tsx";
import { hasPasskeys } from "../../lib/second-factor/passkeys.ts";
import { RecoveryCodes } from "../../lib/second-factor/recovery-codes.tsx";

const key = ["second-factor"];

/** An app that shows codes, recovery codes and passkeys. */
export function SecondFactor() {
  const client = useQueryClient();
  const state = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => request<SecondFactorState>("/api/second-factor", { signal }),
  });
  const [showsNewCodes, setShowsNewCodes] = useState(false);
  const readAnew = () => {
    setShowsNewCodes(false);
    void client.invalidateQueries({ queryKey: key });
    void client.invalidateQueries({ queryKey: sessionKey });
  };
  return (
    <Card title="Second factor" about="What you show besides the way in, so that a mailbox alone lets nobody in.">
      <div className="space-y-5 px-4 pb-4">
        <Async of={state} name="Your second factor" skeleton={<Skeleton className="h-24 w-full" />}>
          {(factor) => (
            <>
              {factor.hasCodes && !showsNewCodes ? (
                <Codes factor={factor} onChange={readAnew} />
              ) : (
                <AddCodes onCodes={() => setShowsNewCodes(true)} onDone={readAnew} />
              )}
              <Passkeys factor={factor} onChange={readAnew} />
            </>
          )}
        </Async>
      </div>
    </Card>
  );
}

interface PartProps {
  factor: SecondFactorState;
  onChange: () => void;
}

function Codes({ factor, onChange }: PartProps) {
  const remove = useRemoval("/api/second-factor/codes", onChange);
  const renew = useMutation({
    mutationFn: () => request<{ recoveryCodes: string[] }>("/api/second-factor/recovery-codes", { method: "POST" }),
  });
  if (renew.data !== undefined)
    return (
      <RecoveryCodes
        codes={renew.data.recoveryCodes}
        onDone={() => {
          renew.reset();
          onChange();
        }}
      />
    );
  return (
    <div className="flex flex-wrap items-center gap-2">
      <p className="min-w-0 flex-1 basis-60 text-sm">
        An app shows your codes. {factor.recoveryCodesLeft} recovery codes are left.
      </p>
      <Button disabled={renew.isPending} onClick={() => renew.mutate()}>
        New recovery codes
      </Button>
      <Button kind="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
        Remove the app
      </Button>
    </div>
  );
}

function Passkeys({ factor, onChange }: PartProps) {
  return (
    <div className="space-y-3">
      {factor.passkeys.length > 0 && (
        <ul className="divide-y divide-line rounded-md border border-line">
          {factor.passkeys.map((passkey) => (
            <Passkey key={passkey.id} passkey={passkey} onChange={onChange} />
          ))}
        </ul>
      )}
      {hasPasskeys() && <AddPasskey onDone={onChange} />}
    </div>
  );
}

function Passkey({ passkey, onChange }: { passkey: SecondFactorState["passkeys"][number]; onChange: () => void }) {
  const remove = useRemoval(`/api/second-factor/passkeys/${passkey.id}`, onChange);
  return (
    <li className="flex items-center gap-3 px-3 py-2">
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm" dir="auto">
          {passkey.name}
        </span>
        <span className="text-xs text-text-2">
          since {formatDay(passkey.createdAt.slice(0, 10))}
          {passkey.lastUsedAt !== null && `, used ${formatDay(passkey.lastUsedAt.slice(0, 10))}`}
        </span>
      </span>
      <Button kind="danger" aria-label={`Remove the passkey ${passkey.name}`} onClick={() => remove.mutate()}>
        Remove
      </Button>
    </li>
  );
}

function useRemoval(path: string, onChange: () => void) {
  const tell = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: () => request<void>(path, { method: "DELETE" }),
    onSuccess: onChange,
    onError: (error) => tell({ id: path, tone: "error", title: "Nothing was removed.", body: error.message }),
  });
}
