import { AppError } from "@finops/kernel/app-error";
import { isId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import { decodePlace, encodePlace } from "@finops/platform/http/page";
import type { Context } from "@finops/platform/tenancy/context";
import * as z from "zod";
import { requireWhole } from "./alert-access.ts";
import { DeliveriesParameters, type Delivery, type DeliveryPage, deliveryStates } from "./contract.ts";
import { askForDeliveries } from "./outbox-service.ts";
import { tellAlerts } from "./store.ts";

const withChannel = { channel: { select: { id: true, name: true } } } as const;

/** What channels were given to tell and what became of it, the newest first. */
export async function listDeliveries(ctx: Context, input: unknown = {}): Promise<DeliveryPage> {
  requirePermission(ctx, "alerts:write");
  requireWhole(ctx);
  const { limit, cursor, state } = DeliveriesParameters.parse(input);
  const after = cursor === undefined ? null : decodePlace(cursor, z.tuple([z.uuid()]));
  return ctx.inTenant(async (tx) => {
    const rows = await tx.alertDelivery.findMany({
      where: { ...(state === undefined ? {} : { state }), ...(after === null ? {} : { id: { lt: after[0] } }) },
      orderBy: { id: "desc" },
      take: limit + 1,
      include: withChannel,
    });
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      deliveries: await toDeliveries(tx, shown),
      nextCursor: rows.length > limit && last !== undefined ? encodePlace([last.id]) : null,
    };
  });
}

export async function getDelivery(ctx: Context, id: string): Promise<Delivery> {
  requirePermission(ctx, "alerts:write");
  requireWhole(ctx);
  return ctx.inTenant((tx) => readDelivery(tx, id));
}

/** Tries again what was given up, by the same key. Throws `conflict` for what is on its way or arrived. */
export async function resendDelivery(ctx: Context, id: string): Promise<Delivery> {
  requirePermission(ctx, "alerts:write");
  requireWhole(ctx);
  return ctx.inTenant(async (tx) => {
    const { channel, person, title } = await readDelivery(tx, id);
    const { count } = await tx.alertDelivery.updateMany({
      where: { id, state: "dead" },
      data: { state: "queued", attempts: 0, nextAt: ctx.host.clock.now(), problem: null },
    });
    if (count === 0)
      throw new AppError("conflict", "Only what was given up is sent again. This one arrived, or is on its way.");
    await askForDeliveries(tx);
    await audit(tx, ctx, "alert-delivery.resent", { after: { id, channel: channel?.name ?? person?.name, title } });
    await tellAlerts(tx, ctx.tenantId);
    return readDelivery(tx, id);
  });
}

export async function readDelivery(tx: Tx, id: string): Promise<Delivery> {
  const row = isId(id) ? await tx.alertDelivery.findFirst({ where: { id }, include: withChannel }) : null;
  if (row === null) throw new AppError("not_found", "There is no such delivery.");
  return (await toDeliveries(tx, [row]))[0]!;
}

interface DeliveryRow {
  id: string;
  channel: { id: string; name: string } | null;
  personId: string | null;
  state: string;
  title: string;
  attempts: number;
  problem: string | null;
  createdAt: Date;
  sentAt: Date | null;
  nextAt: Date;
}

async function toDeliveries(tx: Tx, rows: readonly DeliveryRow[]): Promise<Delivery[]> {
  const people = rows.flatMap(({ personId }) => (personId === null ? [] : [personId]));
  const members = await tx.membership.findMany({ where: { userId: { in: people } }, include: { user: true } });
  const names = new Map(members.map(({ user }) => [user.id, user.name === "" ? user.email : user.name]));
  return rows.map((row) => toDelivery(row, names));
}

function toDelivery(row: DeliveryRow, names: ReadonlyMap<string, string>): Delivery {
  const { id, channel, personId, title, attempts, problem } = row;
  return {
    id,
    channel,
    person: personId === null ? null : { id: personId, name: names.get(personId) ?? "Somebody who left" },
    state: deliveryStates.find((state) => state === row.state)!,
    title,
    attempts,
    problem,
    createdAt: row.createdAt.toISOString(),
    sentAt: row.sentAt?.toISOString() ?? null,
    nextAt: row.state === "queued" ? row.nextAt.toISOString() : null,
  };
}
