import type { Prisma } from "../db/generated/client.ts";
import type { Tx } from "../db/database.ts";
import type { Context } from "../tenancy/context.ts";

export interface AuditChange {
  before?: Prisma.InputJsonValue;
  after?: Prisma.InputJsonValue;
}

/** Notes who changed what, in the transaction of the change, so that there is never one without the other. */
export async function audit(tx: Tx, ctx: Context, action: string, change: AuditChange = {}): Promise<void> {
  await tx.auditEntry.create({
    data: {
      tenantId: ctx.tenantId,
      actorKind: ctx.actor.kind,
      actorId: ctx.actor.id,
      actorName: ctx.actor.name,
      action,
      requestId: ctx.requestId,
      ...change,
    },
  });
}
