import type { Key, KeyInput, KeyList, NewKey } from "@finops/capabilities/keys/contract";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { Async } from "@finops/ui/states/async";
import { Notice } from "@finops/ui/states/notice";
import { Skeleton } from "@finops/ui/states/skeleton";
import { formatDay } from "@finops/ui/text/format-day";
import { copyText } from "@finops/ui/text/copy-text";
import { useQuery } from "@tanstack/react-query";
import { request } from "../../lib/api.ts";
import { ScopeText } from "../../lib/cost-filter/scope-field.tsx";
import { serverClock } from "../../lib/server-clock.ts";
import { KeyForm } from "./key-form.tsx";
import { useSave } from "./use-save.ts";

const key = ["keys"];
const path = "/api/v1/keys";

/** The company's keys. One that was made is shown once, here. */
export function Keys() {
  const keys = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await request<KeyList>(path, { signal })).keys,
  });
  const make = useSave<KeyInput, NewKey>({
    method: "POST",
    path: () => path,
    body: (body) => body,
    stale: key,
    refused: "No key was made.",
  });
  const take = useSave<Key, NewKey>({
    method: "POST",
    path: ({ id }) => `${path}/${id}/take`,
    stale: key,
    refused: "The key was not taken.",
  });
  const shown = take.data ?? make.data ?? null;
  return (
    <Card title="API keys" about="A key may no more than what is ticked, and never more than who made it.">
      <div className="space-y-4 px-4 pb-4">
        {shown !== null && (
          <Notice
            tone="good"
            title={`The key “${shown.name}”. Copy it now: it is not shown again.`}
            action={<Button onClick={() => void copyText(shown.key).catch(() => undefined)}>Copy</Button>}
          >
            <code className="break-all select-all">{shown.key}</code>
          </Notice>
        )}
        <Async
          of={keys}
          name="The keys"
          skeleton={<Skeleton className="h-24 w-full" />}
          isEmpty={(list) => list.length === 0}
          empty={<p className="text-sm text-text-2">There is no key yet.</p>}
        >
          {(list) => (
            <ul aria-label="API keys" className="divide-y divide-line rounded-md border border-line">
              {list.map((one) => (
                <KeyRow key={one.id} apiKey={one} onTake={() => take.mutate(one)} />
              ))}
            </ul>
          )}
        </Async>
        <KeyForm
          isPending={make.isPending}
          onMake={(input, done) => {
            take.reset();
            make.mutate(input, { onSuccess: done });
          }}
        />
      </div>
    </Card>
  );
}

function KeyRow({ apiKey, onTake }: { apiKey: Key; onTake: () => void }) {
  const revoke = useSave<void>({
    method: "DELETE",
    path: () => `${path}/${apiKey.id}`,
    stale: key,
    refused: "The key still works.",
  });
  const state = stateOf(apiKey);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2.5">
      <span className="min-w-0 flex-1 basis-60">
        <span className="flex items-center gap-2">
          <span className="truncate font-medium" dir="auto">
            {apiKey.name}
          </span>
          {state !== "works" && <Badge tone="warning">{state === "revoked" ? "Revoked" : "Over"}</Badge>}
        </span>
        <span className="block text-xs text-text-2">
          {apiKey.isTaken ? <code>{apiKey.prefix}…</code> : "Approved, and not taken yet"} ·{" "}
          {apiKey.permissions.join(", ") || "what its service account may"} · by {apiKey.createdBy} on{" "}
          {formatDay(apiKey.createdAt.slice(0, 10))}
          {apiKey.expiresAt !== null && `, until ${formatDay(apiKey.expiresAt.slice(0, 10))}`}
          {apiKey.lastUsedAt === null ? ", never used" : `, used ${formatDay(apiKey.lastUsedAt.slice(0, 10))}`}
          {apiKey.scope !== null && (
            <>
              {" "}
              · sees <ScopeText scope={apiKey.scope} />
            </>
          )}
        </span>
      </span>
      {state === "works" && !apiKey.isTaken && (
        <Button aria-label={`Take ${apiKey.name}`} onClick={onTake}>
          Take the key
        </Button>
      )}
      {state === "works" && (
        <Button kind="danger" aria-label={`Revoke ${apiKey.name}`} onClick={() => revoke.mutate()}>
          Revoke
        </Button>
      )}
    </li>
  );
}

function stateOf({ revokedAt, expiresAt }: Key): "works" | "revoked" | "over" {
  if (revokedAt !== null) return "revoked";
  return expiresAt !== null && Date.parse(expiresAt) <= serverClock.now().getTime() ? "over" : "works";
}
