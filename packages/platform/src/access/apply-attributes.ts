import { AppError } from "@finops/kernel/app-error";
import type { Clock } from "@finops/kernel/clock";
import { newId } from "@finops/kernel/id";
import * as z from "zod";
import { audit } from "../audit/audit.ts";
import type { Database, Tx } from "../db/database.ts";
import { toJsonColumn } from "../db/json-column.ts";
import { syncRules } from "./sync-rules.ts";

/** What an identity provider says of a person: `{ groups: ["Buyers"], department: ["Cart"] }`. */
export const Attributes = z.record(
  z.string().min(1).max(200),
  z.array(z.string().max(500)).max(2000, "An identity provider sends at most 2,000 values of one attribute."),
);
export type Attributes = z.infer<typeof Attributes>;

/**
 * Notes what an identity provider says of a member, and gives and takes what the company's rules make of it, from the next
 * request on. Attributes that are not named stay as they were; an empty list removes one. Nothing happens for somebody who does
 * not belong to the company. Throws `invalid` for attributes that are too many or too long.
 */
export async function applyAttributes(
  db: Database,
  clock: Clock,
  tenantId: string,
  userId: string,
  attributes: Readonly<Record<string, readonly string[]>>,
): Promise<void> {
  const said = parseAttributes(attributes);
  const now = clock.now();
  await db.inTenant(tenantId, async (tx) => {
    if ((await tx.membership.count({ where: { userId } })) === 0) return;
    // Two sign-ins of one person at once go one after the other.
    await tx.$queryRaw`select pg_advisory_xact_lock(hashtextextended('attributes ' || ${userId}, 0))::text`;
    const before = await findAttributes(tx, userId);
    const after = Object.fromEntries(Object.entries({ ...before, ...said }).filter(([, values]) => values.length > 0));
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    const kept = { attributes: toJsonColumn(after), changedAt: now };
    await tx.memberAttributes.upsert({
      where: { tenantId_userId: { tenantId, userId } },
      create: { userId, ...kept },
      update: kept,
    });
    const changes = await syncRules(tx, now, { userId });
    if (changes.given.length + changes.ended.length === 0) return;
    const actor = { kind: "system" as const, id: "rules", name: "rules by attribute" };
    await audit(
      tx,
      { tenantId, actor, via: "system", address: null, requestId: newId(now.getTime()) },
      "access.rules-applied",
      {
        after: toJsonColumn({
          person: userId,
          given: changes.given.map((change) => change.rule),
          ended: changes.ended.map((change) => change.rule),
        }),
      },
    );
  });
}

function parseAttributes(attributes: Readonly<Record<string, readonly string[]>>): Attributes {
  const { data, error } = Attributes.safeParse(attributes);
  if (data === undefined)
    throw new AppError("invalid", `The attributes of a person cannot be kept. ${error.issues[0]!.message}`);
  return Object.fromEntries(Object.entries(data).map(([name, values]) => [name, [...new Set(values)].toSorted()]));
}

async function findAttributes(tx: Tx, userId: string): Promise<Attributes> {
  const row = await tx.memberAttributes.findFirst({ where: { userId } });
  return Attributes.parse(row?.attributes ?? {});
}
