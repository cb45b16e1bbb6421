import { useEffect } from "react";
import { request } from "./api.ts";
import { queryClient, sessionKey } from "./query-client.ts";
import type { Session } from "./session.ts";

const everyMs = 60_000;

/**
 * Tells the server that a person is there, at most once a minute while they type, click or scroll, so that the session moves on.
 * What the page asks by itself does not move it.
 */
export function useReportUse(session: Session): void {
  const counts = session.signedIn && session.idleUntil !== null && session.hasEnded !== true;
  useEffect(() => {
    if (!counts) return;
    let toldAtMs = performance.now();
    const report = () => {
      if (performance.now() - toldAtMs < everyMs) return;
      toldAtMs = performance.now();
      void request<Session>("/api/session/stay", { method: "POST" }).then(
        (next) => queryClient.setQueryData(sessionKey, next),
        () => void queryClient.invalidateQueries({ queryKey: sessionKey }),
      );
    };
    const events = ["pointerdown", "keydown", "wheel", "touchmove"] as const;
    for (const event of events) addEventListener(event, report, { passive: true });
    return () => events.forEach((event) => removeEventListener(event, report));
  }, [counts]);
}
