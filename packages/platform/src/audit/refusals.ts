import { newId } from "@finops/kernel/id";
import type { Prisma } from "../db/generated/client.ts";
import type { Context } from "../tenancy/context.ts";
import { noteSecurityEvent } from "../security/security-events.ts";
import { auditAlone } from "./audit.ts";

/** What was refused, as the entry tells it: what was asked for, and why not. */
export type Refusal = Prisma.InputJsonObject;

/** Entries about what was refused, few however often somebody tries. */
export interface Refusals {
  /** Writes the first refusal of an actor and action at once, and counts what follows within a minute into one more entry. */
  note(ctx: Context, action: string, refusal: Refusal): Promise<void>;
  /** Writes what was counted so far, such as before the program ends. */
  flush(): Promise<void>;
}

interface Burst {
  /** Of the last one. */
  ctx: Context;
  action: string;
  from: string;
  to: string;
  count: number;
  /** Different ones, as examples. */
  refusals: Map<string, Refusal>;
  timer: NodeJS.Timeout;
}

const examplesMax = 20;

/** So many within the window are no mistake of somebody, and the owners are told. */
const burstMin = 50;

/**
 * Refused people and programs could fill the audit by trying again and again, so that nobody finds anything in it. At most two
 * entries per actor, action and window are written by a process; the second has the number of those it stands for. A process
 * that is killed loses the count of its last window, never the first entry.
 */
export function createRefusals({ windowMs = 60_000 }: { windowMs?: number } = {}): Refusals {
  const bursts = new Map<string, Burst>();

  async function end(key: string, burst: Burst): Promise<void> {
    clearTimeout(burst.timer);
    bursts.delete(key);
    if (burst.count === 0) return;
    const { ctx, action, count, from, to } = burst;
    await auditAlone({ ...ctx, requestId: newId() }, action, {
      after: { count, from, to, examples: [...burst.refusals.values()] },
    });
    if (count >= burstMin)
      await noteSecurityEvent(ctx, {
        kind: "denied-burst",
        sentence: `${ctx.actor.name} was refused ${count} times within a minute`,
        advice:
          "Somebody may try what they can reach. Look at what was asked for, and revoke the key or end the sessions.",
        facts: { action, count, from, to },
      });
  }

  return {
    async note(ctx, action, refusal) {
      const key = `${ctx.tenantId} ${ctx.actor.kind} ${ctx.actor.id} ${action}`;
      const at = ctx.host.clock.now().toISOString();
      const running = bursts.get(key);
      if (running !== undefined) {
        if (running.count === 0) running.from = at;
        running.count += 1;
        running.to = at;
        running.ctx = ctx;
        if (running.refusals.size < examplesMax) running.refusals.set(JSON.stringify(refusal), refusal);
        return;
      }
      const timer = setTimeout(() => void end(key, burst), windowMs);
      timer.unref();
      const burst: Burst = { ctx, action, from: at, to: at, count: 0, refusals: new Map(), timer };
      bursts.set(key, burst);
      await auditAlone(ctx, action, { after: refusal });
    },
    async flush() {
      await Promise.all([...bursts].map(([key, burst]) => end(key, burst)));
    },
  };
}
