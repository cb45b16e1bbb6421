import type { Session, SessionList } from "@finops/capabilities/sessions/contract";
import { Badge } from "@finops/ui/primitives/badge";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { Async } from "@finops/ui/states/async";
import { Skeleton } from "@finops/ui/states/skeleton";
import { useQuery } from "@tanstack/react-query";
import { request } from "../../lib/api.ts";
import { useQuickChange } from "../../lib/use-quick-change.ts";
import { useSignOut } from "../../lib/use-sign-out.ts";
import { deviceWords } from "./device-words.ts";

const key = ["sessions", "me"];
const instant = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "short" });

/** Where one is signed in, this browser first. */
export function OwnSessions() {
  const sessions = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => (await request<SessionList>("/api/v1/sessions", { signal })).sessions,
  });
  const everywhere = useSignOut("everywhere");
  return (
    <Card
      title="Sessions and devices"
      about="Where you are signed in to this company. End one that you do not know."
      actions={
        <Button kind="danger" disabled={everywhere.isPending} onClick={() => everywhere.mutate()}>
          Sign out everywhere
        </Button>
      }
    >
      <Async of={sessions} name="Your sessions" skeleton={<Skeleton className="m-4 h-24" />}>
        {(list) => (
          <ul aria-label="Sessions" className="divide-y divide-line border-t border-line">
            {list
              .toSorted((a, b) => Number(b.isCurrent) - Number(a.isCurrent))
              .map((session) => (
                <SessionRow key={session.id} session={session} />
              ))}
          </ul>
        )}
      </Async>
    </Card>
  );
}

function SessionRow({ session }: { session: Session }) {
  const end = useQuickChange<Session[], string>({
    key,
    stale: [],
    send: (id) => request(`/api/v1/sessions/${id}`, { method: "DELETE" }),
    show: (list, id) => list.filter((one) => one.id !== id),
    refused: "The session goes on.",
  });
  const device = deviceWords(session.userAgent);
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2">
          <span className="truncate font-medium" title={session.userAgent}>
            {device}
          </span>
          {session.isCurrent && <Badge tone="accent">This one</Badge>}
          {session.isRemembered && <Badge>Remembered</Badge>}
        </span>
        <span className="block text-xs text-text-2">
          {session.address ?? "address unknown"} · by {session.method} · since{" "}
          {instant.format(Date.parse(session.createdAt))} · last seen {instant.format(Date.parse(session.lastSeenAt))}
        </span>
      </span>
      {!session.isCurrent && (
        <Button kind="danger" aria-label={`End the session of ${device}`} onClick={() => end.mutate(session.id)}>
          End
        </Button>
      )}
    </li>
  );
}
