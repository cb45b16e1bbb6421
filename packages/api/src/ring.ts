import type { Host } from "@finops/platform/host";
import type { Notices } from "@finops/platform/events/notices";
import type { AppEnv } from "@finops/platform/http/app-env";
import { Hono } from "hono";
import * as z from "zod";
import { openWord, sealWord } from "./word-of-host.ts";

const ringPath = "/api/ring";
const ringHeader = "x-finops-ring";
const about = "news of a company";
const Ring = z.object({ tenantId: z.uuid() });

/** A company with much to tell rings no more often than this. */
const pauseMs = 500;
const answerMaxMs = 5_000;

/** Where a host that hears no notices of the database is told by one that does. It learns that there is news, and never which. */
export function ringRoutes(host: Host, changed: (tenantId: string) => void): Hono<AppEnv> {
  return new Hono<AppEnv>().post(ringPath, async (c) => {
    const { tenantId } = await openWord(host, c.req.header(ringHeader) ?? "", about, Ring);
    changed(tenantId);
    return c.body(null, 204);
  });
}

/**
 * Rings at the host in front whenever something changed in a company. One that does not answer looks for itself from time to
 * time, so a ring that is lost is only late. Returns what ends it.
 * @param origin of the host in front
 */
export async function ringInFront(
  host: Pick<Host, "vault" | "clock" | "log">,
  notices: Notices,
  origin: string,
): Promise<() => void> {
  const waiting = new Map<string, NodeJS.Timeout>();
  const ring = async (tenantId: string) => {
    try {
      const answer = await fetch(`${origin}${ringPath}`, {
        method: "POST",
        headers: { [ringHeader]: await sealWord(host, { tenantId }, about) },
        redirect: "manual",
        signal: AbortSignal.timeout(answerMaxMs),
      });
      await answer.body?.cancel();
      if (!answer.ok) host.log.warn({ status: answer.status }, "the host in front does not take news");
    } catch (error) {
      host.log.warn({ err: error }, "the host in front does not answer; it will look for itself");
    }
  };
  const stop = await notices.listen((_, tenantId) => {
    if (tenantId === null || waiting.has(tenantId)) return;
    const later = setTimeout(() => {
      waiting.delete(tenantId);
      void ring(tenantId);
    }, pauseMs);
    waiting.set(tenantId, later.unref());
  });
  return () => {
    stop();
    for (const timer of waiting.values()) clearTimeout(timer);
  };
}
