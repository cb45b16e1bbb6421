import type { Prisma } from "../db/generated/client.ts";
import type { Tx } from "../db/database.ts";
import type { Context } from "../tenancy/context.ts";

export interface AuditChange {
  before?: Prisma.InputJsonValue;
  after?: Prisma.InputJsonValue;
}

/** What an entry says of who did it. */
export type AuditSource = Pick<Context, "tenantId" | "actor" | "via" | "address" | "requestId">;

/**
 * Notes who changed what, in the transaction of the change, so that there is never one without the other. The database links
 * the entry to the one before at the commit. Of a change to thousands of things write one entry that counts them: the links of
 * one transaction change the same row of the database again and again, which gets slow from some thousand on.
 */
export async function audit(tx: Tx, ctx: AuditSource, action: string, change: AuditChange = {}): Promise<void> {
  await tx.auditEntry.create({
    data: {
      tenantId: ctx.tenantId,
      actorKind: ctx.actor.kind,
      actorId: ctx.actor.id,
      actorName: ctx.actor.name,
      via: ctx.via,
      address: ctx.address,
      action,
      requestId: ctx.requestId,
      ...change,
    },
  });
}

/**
 * Notes what is no change, such as a sign-in or a refusal, in a transaction of its own. It never fails: an audit that cannot be
 * written at the moment is logged, and keeps nobody from their work.
 */
export async function auditAlone(ctx: Context, action: string, change: AuditChange = {}): Promise<void> {
  try {
    await ctx.inTenant((tx) => audit(tx, ctx, action, change));
  } catch (error) {
    ctx.host.log.error(
      { err: error, action, tenantId: ctx.tenantId, requestId: ctx.requestId },
      "an entry of the audit could not be written",
    );
  }
}
