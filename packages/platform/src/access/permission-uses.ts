import { dayToColumn } from "../db/day-column.ts";
import type { Host } from "../host.ts";
import type { Actor } from "../tenancy/context.ts";

/** Notes which permissions people and keys need, so that those that nobody needs can be taken away. */
export interface PermissionUses {
  /** What a context calls each time that a permission is required and there. */
  noteFor(host: Host, tenantId: string, actor: Actor): (permission: string) => void;
  /** Writes what was noted so far, such as before the program ends. */
  flush(): Promise<void>;
}

interface Use {
  actorKind: "person" | "key";
  actorId: string;
  permission: string;
  /** A column value of the day. */
  on: Date;
}

/** So many different uses are remembered as written; beyond it they are written again, which changes nothing. */
const writtenMax = 100_000;

/**
 * A use is known to the day, so a process writes each at most once a day, many in one statement: nothing waits for it. A process
 * that is killed loses the uses of the last seconds, which the next request of the same day notes again.
 */
export function createPermissionUses({ delayMs = 10_000 }: { delayMs?: number } = {}): PermissionUses {
  const written = new Set<string>();
  const waiting = new Map<string, { host: Host; uses: Map<string, Use> }>();
  let timer: NodeJS.Timeout | null = null;

  async function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const batches = [...waiting];
    waiting.clear();
    for (const [tenantId, { host, uses }] of batches)
      try {
        await write(host, tenantId, [...uses.values()]);
      } catch (error) {
        for (const key of uses.keys()) written.delete(key);
        host.log.error({ err: error, tenantId }, "uses of permissions could not be written; they are noted anew");
      }
  }

  return {
    noteFor(host, tenantId, { kind, id }) {
      if (kind === "system") return () => {};
      return (permission) => {
        const day = host.clock.today();
        const key = `${day} ${tenantId} ${kind} ${id} ${permission}`;
        if (written.has(key)) return;
        if (written.size >= writtenMax) written.clear();
        written.add(key);
        const batch = waiting.get(tenantId) ?? { host, uses: new Map<string, Use>() };
        batch.uses.set(key, { actorKind: kind, actorId: id, permission, on: dayToColumn(day) });
        waiting.set(tenantId, batch);
        timer ??= setTimeout(() => void flush(), delayMs).unref();
      };
    },
    flush,
  };
}

async function write({ db }: Host, tenantId: string, uses: readonly Use[]): Promise<void> {
  await db.inTenant(
    tenantId,
    (tx) => tx.$executeRaw`
      insert into permission_use (actor_kind, actor_id, permission, first_on, last_on)
      select kind, id::uuid, permission, at, at
      from unnest(${uses.map((use) => use.actorKind)}::text[], ${uses.map((use) => use.actorId)}::text[],
                  ${uses.map((use) => use.permission)}::text[], ${uses.map((use) => use.on)}::date[]) as u (kind, id, permission, at)
      -- Two processes write in one order, so that neither waits for the other in a circle.
      order by kind, id, permission
      on conflict (tenant_id, actor_kind, actor_id, permission)
        do update set last_on = greatest(permission_use.last_on, excluded.last_on)`,
  );
}
