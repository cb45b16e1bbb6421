import { AppError } from "@finops/kernel/app-error";
import { isId, newId } from "@finops/kernel/id";
import { checkTimeZone } from "@finops/kernel/wall-clock";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import { type AlertChannel as ChannelRow, Prisma } from "@finops/platform/db/generated/client";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Context } from "@finops/platform/tenancy/context";
import type * as z from "zod";
import { requireWhole } from "./alert-access.ts";
import { KeptTarget } from "./channels/channel-provider.ts";
import { addressOf } from "./channels/registry.ts";
import { type Channel, ChannelChange, ChannelInput, type ChannelTarget, type Delivery, Digest } from "./contract.ts";
import { readDelivery } from "./delivery-log-service.ts";
import { nextDigestAt } from "./digest.ts";
import { askForDeliveries, companyName, putIntoOutbox } from "./outbox-service.ts";
import { closeByHand, isOpen, Life } from "./life.ts";
import { keepEvent, lockAlerts, tellAlerts } from "./store.ts";

const channelsMax = 50;

/** Where alerts can go, by name; never the secrets of how they get there. */
export async function listChannels(ctx: Context): Promise<Channel[]> {
  requirePermission(ctx, "alerts:write");
  return ctx.inTenant(async (tx) => {
    const rows = await tx.alertChannel.findMany({
      where: { deletedAt: null },
      orderBy: [{ name: "asc" }, { id: "asc" }],
    });
    return rows.map(toChannel);
  });
}

export async function getChannel(ctx: Context, id: string): Promise<Channel> {
  requirePermission(ctx, "alerts:write");
  return ctx.inTenant(async (tx) => toChannel(await requireChannel(tx, id)));
}

export async function createChannel(ctx: Context, input: unknown): Promise<Channel> {
  requirePermission(ctx, "alerts:write");
  requireWhole(ctx);
  const { target, ...draft } = ChannelInput.parse(input);
  return ctx.inTenant(async (tx) => {
    await checkTarget(tx, ctx, target);
    return insertChannel(tx, ctx, draft, target);
  });
}

/** Keeps a new channel, wherever it goes. */
export async function insertChannel(
  tx: Tx,
  ctx: Context,
  draft: Omit<z.infer<typeof ChannelInput>, "target">,
  target: KeptTarget,
): Promise<Channel> {
  if ((await tx.alertChannel.count({ where: { deletedAt: null } })) >= channelsMax)
    throw new AppError("limit", `A company keeps at most ${channelsMax} channels. Delete some that nobody reads.`);
  const now = ctx.host.clock.now();
  const id = newId(now.getTime());
  const row = await tx.alertChannel.create({
    data: {
      id,
      ...draft,
      ...digestColumns(target.kind, draft.digest, now),
      ...(await sealed(ctx, id, target)),
      ownerId: ctx.actor.id,
      ownerName: ctx.actor.name,
      createdAt: now,
      changedAt: now,
    },
  });
  await audit(tx, ctx, "alert-channel.created", { after: { id, ...draft, kind: row.kind, address: row.address } });
  await tellAlerts(tx, ctx.tenantId);
  return toChannel(row);
}

/** Throws `conflict` when somebody was faster. */
export async function changeChannel(ctx: Context, id: string, input: unknown): Promise<Channel> {
  requirePermission(ctx, "alerts:write");
  requireWhole(ctx);
  const { target, version, ...draft } = ChannelChange.parse(input);
  return ctx.inTenant(async (tx) => {
    const before = await requireChannel(tx, id);
    if (target !== null) await checkTarget(tx, ctx, target);
    const now = ctx.host.clock.now();
    const { count } = await tx.alertChannel.updateMany({
      where: { id, version, deletedAt: null },
      data: {
        ...draft,
        ...digestColumns(target?.kind ?? before.kind, draft.digest, now),
        ...(target === null ? {} : await sealed(ctx, id, target)),
        version: version + 1,
        changedAt: now,
      },
    });
    if (count === 0)
      throw new AppError(
        "conflict",
        "Somebody changed this channel meanwhile. Load it again, and repeat your change.",
        {
          facts: { version: before.version },
        },
      );
    if (draft.digest === null) await releaseHeld(tx, id, now);
    const row = await requireChannel(tx, id);
    await audit(tx, ctx, "alert-channel.changed", {
      before: { id, name: before.name, kind: before.kind, address: before.address },
      after: { id, ...draft, kind: row.kind, address: row.address, isTargetNew: target !== null },
    });
    await tellAlerts(tx, ctx.tenantId);
    return toChannel(row);
  });
}

/** Rules that name it tell it nothing more; what waits for it is given up. */
export async function deleteChannel(ctx: Context, id: string, version: number): Promise<Channel> {
  requirePermission(ctx, "alerts:write");
  requireWhole(ctx);
  return ctx.inTenant(async (tx) => {
    const before = await requireChannel(tx, id);
    const now = ctx.host.clock.now();
    const { count } = await tx.alertChannel.updateMany({
      where: { id, version, deletedAt: null },
      // The secret goes with it.
      data: { deletedAt: now, targetSealed: "" },
    });
    if (count === 0) throw new AppError("conflict", "Somebody changed this channel meanwhile. Load it again.");
    await releaseHeld(tx, id, now);
    await closeOwnAlert(tx, ctx, id, now);
    await audit(tx, ctx, "alert-channel.deleted", { before: { id, name: before.name, address: before.address } });
    await tellAlerts(tx, ctx.tenantId);
    return toChannel(before);
  });
}

/** Sends a message that says that it is a test; the delivery tells what became of it. */
export async function testChannel(ctx: Context, id: string): Promise<Delivery> {
  requirePermission(ctx, "alerts:write");
  requireWhole(ctx);
  return ctx.inTenant(async (tx) => {
    const { name } = await requireChannel(tx, id);
    const now = ctx.host.clock.now();
    const url = `${ctx.host.baseUrl}/alerts`;
    const company = await companyName(tx, ctx);
    const message = {
      what: "test" as const,
      severity: "info" as const,
      rule: name,
      company,
      at: now.toISOString(),
      url,
      alerts: [{ id, title: "Test", message: `${ctx.actor.name} tests whether alerts arrive here.`, url }],
    };
    const deliveryId = await putIntoOutbox(tx, { to: { channelId: id }, message, from: now }, now);
    await audit(tx, ctx, "alert-channel.tested", { after: { id, name } });
    return readDelivery(tx, deliveryId);
  });
}

/** @throws invalid where a digest makes no sense */
function digestColumns(kind: string, digest: Digest | null, now: Date) {
  if (digest === null) return { digest: Prisma.DbNull, digestAt: null };
  checkTimeZone(digest.timeZone, "digest.timeZone");
  if (kind === "pagerduty")
    throw new AppError("invalid", "digest: PagerDuty calls people, so it is told at once. Leave the digest out.");
  return { digest: toJsonColumn(digest), digestAt: nextDigestAt(digest, now) };
}

/** Without a digest nothing waits for one: what was held goes out by itself. */
async function releaseHeld(tx: Tx, channelId: string, now: Date): Promise<void> {
  const { count } = await tx.alertDelivery.updateMany({
    where: { channelId, state: "held" },
    data: { state: "queued", nextAt: now },
  });
  if (count > 0) await askForDeliveries(tx);
}

/** That a channel is broken is over once there is none. */
async function closeOwnAlert(tx: Tx, ctx: Context, channelId: string, now: Date): Promise<void> {
  await lockAlerts(tx, ctx.tenantId);
  const alert = await tx.alert.findFirst({ where: { channelId } });
  const life = alert === null ? null : Life.parse(alert.life);
  if (alert === null || life === null || !isOpen(life)) return;
  const closed = closeByHand(life, now);
  await tx.alert.updateMany({
    where: { id: alert.id },
    data: { life: toJsonColumn(closed), state: closed.state, changedAt: now },
  });
  await keepEvent(tx, { alertId: alert.id, what: "resolved", message: "The channel was deleted.", by: ctx.actor }, now);
}

/** A channel's secret, for who delivers. */
export async function openTarget(ctx: Context, { id, targetSealed }: Pick<ChannelRow, "id" | "targetSealed">) {
  const text = await ctx.host.vault.ofCompany(ctx.tenantId).open(targetSealed, bindingOf(id));
  return KeptTarget.parse(JSON.parse(text));
}

async function sealed(ctx: Context, id: string, target: KeptTarget) {
  const targetSealed = await ctx.host.vault.ofCompany(ctx.tenantId).seal(JSON.stringify(target), bindingOf(id));
  const teamId = target.kind === "slack-app" ? target.teamId : null;
  return { kind: target.kind, address: addressOf(target), targetSealed, teamId };
}

function bindingOf(id: string): string {
  return `alert-channel ${id}`;
}

/** Throws `invalid` for what no message of this platform goes to. */
async function checkTarget(tx: Tx, ctx: Context, target: ChannelTarget): Promise<void> {
  if ("url" in target && !isAddress(target.url, ctx.host.outside.isHttpAllowed))
    throw new AppError("invalid", "target.url: Give it an address of the web that begins with https://.");
  if (target.kind !== "email") return;
  const members = await tx.membership.findMany({ include: { user: { select: { email: true } } } });
  const known = new Set(members.map(({ user }) => user.email));
  const domains = await tx.companyDomain.findMany({ where: { verifiedAt: { not: null } }, select: { domain: true } });
  const own = new Set(domains.map(({ domain }) => domain));
  // Nobody is written to who has nothing to do with the company.
  const stranger = target.to.find(
    (address) => !known.has(address.toLowerCase()) && !own.has(address.slice(address.indexOf("@") + 1).toLowerCase()),
  );
  if (stranger !== undefined)
    throw new AppError(
      "invalid",
      `target.to: ${stranger} is neither a person of the company nor at one of its proven domains. Invite them, or prove the domain in the settings.`,
    );
}

/** http: is for hosts that say so: anybody in between would read along. */
function isAddress(text: string, isHttpAllowed: boolean): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol } = new URL(text);
  return protocol === "https:" || (protocol === "http:" && isHttpAllowed);
}

async function requireChannel(tx: Tx, id: string): Promise<ChannelRow> {
  const row = isId(id) ? await tx.alertChannel.findFirst({ where: { id, deletedAt: null } }) : null;
  if (row === null) throw new AppError("not_found", "There is no such channel.");
  return row;
}

function toChannel(row: ChannelRow): Channel {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind as Channel["kind"],
    address: row.address,
    isOn: row.isOn,
    perMinuteMax: row.perMinuteMax,
    version: row.version,
    owner: { id: row.ownerId, name: row.ownerName },
    digest: row.digest === null ? null : Digest.parse(row.digest),
    failures: row.failures,
    problem: row.problem,
    changedAt: row.changedAt.toISOString(),
  };
}
