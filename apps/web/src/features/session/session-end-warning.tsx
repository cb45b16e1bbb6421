import { Button } from "@finops/ui/primitives/button";
import { Dialog } from "@finops/ui/primitives/dialog";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { request } from "../../lib/api.ts";
import { sessionKey } from "../../lib/query-client.ts";
import { serverClock } from "../../lib/server-clock.ts";
import type { Session } from "../../lib/session.ts";
import { nextEnd, type SessionEnds } from "./session-ends.ts";
import { useSignOut } from "../../lib/use-sign-out.ts";

const lookEveryMs = 5000;

/** Before a session ends: by not being used, which a button puts off, or in any case, which is only told. */
export function SessionEndWarning({ session }: { session: SessionEnds }) {
  const [nowMs, setNowMs] = useState(() => serverClock.now().getTime());
  const [readFor, setReadFor] = useState<string | null>(null);
  const client = useQueryClient();
  useEffect(() => {
    const timer = setInterval(() => setNowMs(serverClock.now().getTime()), lookEveryMs);
    return () => clearInterval(timer);
  }, []);
  const end = nextEnd(session, nowMs);
  const due = end === null ? null : `${end.kind} ${end.at}`;
  // Another tab may have been used meanwhile, so the server is asked before anybody is warned.
  useEffect(() => {
    if (due !== null) void client.invalidateQueries({ queryKey: sessionKey });
  }, [due, client]);
  const stay = useMutation({
    mutationFn: () => request<Session>("/api/session/stay", { method: "POST" }),
    onSuccess: (next) => client.setQueryData(sessionKey, next),
    onError: () => void client.invalidateQueries({ queryKey: sessionKey }),
  });
  const signOut = useSignOut();
  if (end === null || due === readFor) return null;
  const close = () => (end.kind === "idle" ? stay.mutate() : setReadFor(due));
  const minutes = end.minutesLeft === 1 ? "a minute" : `${end.minutesLeft} minutes`;
  return (
    <Dialog
      isOpen
      onClose={close}
      title={end.kind === "idle" ? "Are you still there?" : "You will have to sign in again"}
      about={
        end.kind === "idle" ? (
          <p>Nobody has used this page for a while. You are signed out in about {minutes}, unless you stay.</p>
        ) : (
          <p>
            Sessions of your company end after some hours, and this one does in about {minutes}. Finish what you are at;
            the page stays as it is meanwhile.
          </p>
        )
      }
    >
      <Button onClick={() => signOut.mutate()}>Sign out</Button>
      <Button kind="primary" disabled={stay.isPending} onClick={close}>
        {end.kind === "idle" ? "Stay signed in" : "I see"}
      </Button>
    </Dialog>
  );
}
