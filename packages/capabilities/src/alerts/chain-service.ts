import { AppError } from "@finops/kernel/app-error";
import { isId, newId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import type { EscalationChain as ChainRow } from "@finops/platform/db/generated/client";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Context } from "@finops/platform/tenancy/context";
import { requireWhole } from "./alert-access.ts";
import {
  AlertRuleDefinition,
  type Escalation,
  EscalationChange,
  EscalationDefinition,
  EscalationInput,
  type EscalationTarget,
} from "./contract.ts";
import { listRules, tellAlerts } from "./store.ts";

const chainsMax = 50;

/** The chains of the company, by name. */
export async function listEscalations(ctx: Context): Promise<Escalation[]> {
  requirePermission(ctx, "alerts:write");
  return ctx.inTenant(async (tx) => {
    const names = await readNames(tx);
    return (await listChains(tx)).map((row) => toEscalation(row, names));
  });
}

export async function getEscalation(ctx: Context, id: string): Promise<Escalation> {
  requirePermission(ctx, "alerts:write");
  return ctx.inTenant((tx) => readEscalation(tx, id));
}

export async function createEscalation(ctx: Context, input: unknown): Promise<Escalation> {
  requirePermission(ctx, "alerts:write");
  requireWhole(ctx);
  const { name, ...definition } = EscalationInput.parse(input);
  return ctx.inTenant(async (tx) => {
    if ((await listChains(tx)).length >= chainsMax)
      throw new AppError("limit", `A company keeps at most ${chainsMax} chains. Delete some that no rule names.`);
    await checkSteps(tx, definition);
    const now = ctx.host.clock.now();
    const id = newId(now.getTime());
    const changed = { changedById: ctx.actor.id, changedByName: ctx.actor.name, changedAt: now };
    await tx.escalationChain.create({
      data: { id, name, definition: toJsonColumn(definition), ...changed, createdAt: now },
    });
    await audit(tx, ctx, "escalation.created", { after: toJsonColumn({ id, name, definition }) });
    await tellAlerts(tx, ctx.tenantId);
    return readEscalation(tx, id);
  });
}

/** Alerts that climb go on by the chain as it is from then on. Throws `conflict` when somebody was faster. */
export async function changeEscalation(ctx: Context, id: string, input: unknown): Promise<Escalation> {
  requirePermission(ctx, "alerts:write");
  requireWhole(ctx);
  const { name, version, ...definition } = EscalationChange.parse(input);
  return ctx.inTenant(async (tx) => {
    const before = await requireChain(tx, id);
    await checkSteps(tx, definition);
    await updateChain(tx, ctx, before, version, { name, definition: toJsonColumn(definition) });
    await audit(tx, ctx, "escalation.changed", {
      before: toJsonColumn({ id, name: before.name, definition: before.definition }),
      after: toJsonColumn({ id, name, definition }),
    });
    return readEscalation(tx, id);
  });
}

/** Throws `conflict` while a rule names it. */
export async function deleteEscalation(ctx: Context, id: string, version: number): Promise<Escalation> {
  requirePermission(ctx, "alerts:write");
  requireWhole(ctx);
  return ctx.inTenant(async (tx) => {
    const before = await requireChain(tx, id);
    const chain = await readEscalation(tx, id);
    if (chain.usedBy.length > 0)
      throw new AppError(
        "conflict",
        `Alerts climb this chain: take it out of the rules ${chain.usedBy.map(({ name }) => `"${name}"`).join(", ")} first.`,
      );
    await updateChain(tx, ctx, before, version, { deletedAt: ctx.host.clock.now() });
    await audit(tx, ctx, "escalation.deleted", { before: { id, name: before.name, version } });
    return chain;
  });
}

/** A chain for who climbs it; null where there is none any more. */
export async function findChain(
  tx: Tx,
  id: string,
): Promise<{ name: string; definition: EscalationDefinition } | null> {
  const row = isId(id) ? await tx.escalationChain.findFirst({ where: { id, deletedAt: null } }) : null;
  return row === null ? null : { name: row.name, definition: EscalationDefinition.parse(row.definition) };
}

/** The chains that call people by a schedule of on-call. */
export async function chainsOfSchedule(tx: Tx, scheduleId: string): Promise<string[]> {
  return (await listChains(tx))
    .filter(({ definition }) =>
      EscalationDefinition.parse(definition).steps.some(
        ({ to }) => to.kind === "on-call" && to.scheduleId === scheduleId,
      ),
    )
    .map(({ name }) => name);
}

function listChains(tx: Tx): Promise<ChainRow[]> {
  return tx.escalationChain.findMany({ where: { deletedAt: null }, orderBy: [{ name: "asc" }, { id: "asc" }] });
}

async function updateChain(tx: Tx, ctx: Context, before: ChainRow, version: number, data: object): Promise<void> {
  const { count } = await tx.escalationChain.updateMany({
    where: { id: before.id, version, deletedAt: null },
    data: {
      ...data,
      version: version + 1,
      changedById: ctx.actor.id,
      changedByName: ctx.actor.name,
      changedAt: ctx.host.clock.now(),
    },
  });
  if (count === 0)
    throw new AppError(
      "conflict",
      `${before.changedByName} changed this chain meanwhile. Load it again, and repeat your change.`,
      { facts: { version: before.version } },
    );
  await tellAlerts(tx, ctx.tenantId);
}

/** Throws `invalid` for steps that run back in time, and for who or what the company has not. */
async function checkSteps(tx: Tx, { steps }: EscalationDefinition): Promise<void> {
  for (const [index, { afterMinutes }] of steps.entries())
    if (index > 0 && afterMinutes < steps[index - 1]!.afterMinutes)
      throw new AppError("invalid", "steps: Put the steps in the order in which they come: no later one comes sooner.");
  const names = await readNames(tx);
  for (const { to } of steps)
    if (nameOf(to, names) === null)
      throw new AppError("invalid", `steps: There is no such ${targetWords[to.kind]} in the company.`);
}

const targetWords: Readonly<Record<EscalationTarget["kind"], string>> = {
  person: "person",
  "on-call": "schedule of people on call",
  channel: "channel",
};

interface Names {
  people: ReadonlyMap<string, string>;
  schedules: ReadonlyMap<string, string>;
  channels: ReadonlyMap<string, string>;
  rules: readonly { id: string; name: string; escalationId: string | null }[];
}

async function readNames(tx: Tx): Promise<Names> {
  const select = { id: true, name: true } as const;
  const members = await tx.membership.findMany({
    where: { deactivatedAt: null, user: { disabledAt: null } },
    include: { user: true },
  });
  const schedules = await tx.onCallSchedule.findMany({ where: { deletedAt: null }, select });
  const channels = await tx.alertChannel.findMany({ where: { deletedAt: null }, select });
  return {
    people: new Map(members.map(({ user }) => [user.id, user.name === "" ? user.email : user.name])),
    schedules: new Map(schedules.map(({ id, name }) => [id, name])),
    channels: new Map(channels.map(({ id, name }) => [id, name])),
    rules: (await listRules(tx)).map(({ id, name, definition }) => ({
      id,
      name,
      escalationId: AlertRuleDefinition.parse(definition).escalationId,
    })),
  };
}

function nameOf(to: EscalationTarget, { people, schedules, channels }: Names): string | null {
  if (to.kind === "person") return people.get(to.personId) ?? null;
  if (to.kind === "on-call") return schedules.get(to.scheduleId) ?? null;
  return channels.get(to.channelId) ?? null;
}

async function readEscalation(tx: Tx, id: string): Promise<Escalation> {
  const row = await requireChain(tx, id);
  return toEscalation(row, await readNames(tx));
}

async function requireChain(tx: Tx, id: string): Promise<ChainRow> {
  const row = isId(id) ? await tx.escalationChain.findFirst({ where: { id, deletedAt: null } }) : null;
  if (row === null) throw new AppError("not_found", "There is no such chain.");
  return row;
}

function toEscalation(row: ChainRow, names: Names): Escalation {
  const definition = EscalationDefinition.parse(row.definition);
  return {
    ...definition,
    id: row.id,
    name: row.name,
    told: definition.steps.map(({ to }) => nameOf(to, names)),
    usedBy: names.rules.filter(({ escalationId }) => escalationId === row.id).map(({ id, name }) => ({ id, name })),
    version: row.version,
    changedBy: { id: row.changedById, name: row.changedByName },
    changedAt: row.changedAt.toISOString(),
  };
}
