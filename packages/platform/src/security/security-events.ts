import { audit } from "../audit/audit.ts";
import type { Prisma } from "../db/generated/client.ts";
import type { Context } from "../tenancy/context.ts";

/** What may be an attack. The action in the audit is `security.` and this word. */
export type SecurityEventKind = "token-reused" | "denied-burst" | "new-country" | "new-device" | "network-opened";

export interface SecurityEvent {
  kind: SecurityEventKind;
  /** For the subject and the first line of the mail: "A token was used again after it was replaced". */
  sentence: string;
  /** What somebody who reads it does. */
  advice: string;
  facts: Prisma.InputJsonObject;
  /** Somebody who is told beside the owners. */
  alsoTo?: string;
}

/** However often it happens, a company is mailed about one kind of event and one actor once in this time. */
const mailEveryMinutes = 60;

/** Notes a security event and mails the company's owners. It never fails: who is at the door is not to wait for a mail. */
export async function noteSecurityEvent(ctx: Context, event: SecurityEvent): Promise<void> {
  const { host, tenantId } = ctx;
  const action = `security.${event.kind}`;
  try {
    const to = await ctx.inTenant(async (tx) => {
      // Entries have the time of the database.
      const [{ since }] = await tx.$queryRaw<[{ since: Date }]>`
        select now() - ${mailEveryMinutes}::integer * interval '1 minute' as since`;
      const isKnown = await tx.auditEntry.findFirst({
        where: { tenantId, action, actorId: ctx.actor.id, at: { gt: since } },
        select: { id: true },
      });
      await audit(tx, ctx, action, { after: event.facts });
      if (isKnown !== null) return [];
      const owners = await tx.membership.findMany({
        where: { tenantId, role: { key: "owner" }, user: { disabledAt: null } },
        select: { user: { select: { email: true } } },
      });
      return [...new Set([...owners.map(({ user }) => user.email), ...(event.alsoTo ? [event.alsoTo] : [])])];
    });
    for (const address of to) await host.mail.send({ to: address, subject: event.sentence, text: textOf(ctx, event) });
  } catch (error) {
    host.log.error({ err: error, action, tenantId }, "a security event could not be told");
  }
}

function textOf({ host, actor, address }: Context, { sentence, advice }: SecurityEvent): string {
  return [
    `${sentence}.`,
    `Who: ${actor.name}`,
    `From: ${address ?? "an unknown address"}`,
    `When: ${host.clock.now().toISOString()}`,
    "",
    advice,
    `All of it stands in the audit: ${host.baseUrl}/audit`,
  ].join("\n");
}
