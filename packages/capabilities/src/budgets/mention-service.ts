import { AppError } from "@finops/kernel/app-error";
import { computeEffectiveAccess } from "@finops/platform/access/effective-access";
import { listAccess } from "@finops/platform/access/list-access";
import { requirePermission } from "@finops/platform/access/require-permission";
import type { Tx } from "@finops/platform/db/database";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import { type FoundBudget, maySee, requireBudget } from "./seen-budget-service.ts";

/** Who may be mentioned in what is said of a budget: who may see it. */
export async function listReaders(ctx: Context, id: string): Promise<{ id: string; name: string }[]> {
  requirePermission(ctx, "costs:read");
  requirePermission(ctx, "members:read");
  return ctx.inTenant(async (tx) => {
    const budget = await requireBudget(tx, ctx, id);
    return (await findReaders(tx, ctx, budget)).map((one) => ({ id: one.id, name: one.name }));
  });
}

export interface Reader {
  id: string;
  name: string;
  email: string;
}

/** The mentioned people, once each. Throws `invalid` for who does not belong to the company, or may not see the budget. */
export async function findMentioned(
  tx: Tx,
  ctx: Context,
  budget: FoundBudget,
  ids: readonly string[],
): Promise<Reader[]> {
  if (ids.length === 0) return [];
  const readers = await findReaders(tx, ctx, budget);
  return [...new Set(ids)].map((id) => {
    const found = readers.find((one) => one.id === id);
    if (found === undefined)
      throw new AppError("invalid", "mentionIds: Somebody you mention may not see this budget. Take them out.");
    return found;
  });
}

/** The comment stands whether or not a mail arrives: it is in the inbox of everybody who is mentioned. */
export async function tellMentioned(
  ctx: Context,
  { id, name }: { id: string; name: string },
  { people, text, commentId }: { people: readonly Reader[]; text: string; commentId: string },
): Promise<void> {
  const line = name.replaceAll(/\p{Cc}+/gu, " ");
  const body = `${ctx.actor.name} mentioned you on the budget ${line}:\n\n${text}\n\n${ctx.host.baseUrl}/budgets/${id}\n`;
  for (const person of people)
    await ctx.host.mail
      .send({
        to: person.email,
        subject: `${ctx.actor.name} mentioned you on ${line}`.replaceAll(/\p{Cc}+/gu, " ").slice(0, 150),
        text: body,
        id: `${commentId}.${person.id}`,
      })
      .catch((error: unknown) => ctx.host.log.warn({ err: error }, "somebody could not be told of a mention"));
}

async function findReaders(tx: Tx, ctx: Context, budget: FoundBudget): Promise<Reader[]> {
  const now = ctx.host.clock.now();
  const people = await listAccess(tx, now, { kind: "person" });
  return people.flatMap(({ id, name, email, facts }) => {
    const person = createContext(ctx.host, {
      tenantId: ctx.tenantId,
      actor: { kind: "person", id, name },
      via: ctx.via,
      ...computeEffectiveAccess(facts, now),
    });
    const isReader = email !== null && person.permissions.has("costs:read") && maySee(person, budget);
    return isReader ? [{ id, name, email }] : [];
  });
}
