import { isId, newId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import type { Tx } from "@finops/platform/db/database";
import type { Context } from "@finops/platform/tenancy/context";
import type { UnitMove } from "./contract.ts";
import { findUnit } from "./units.ts";

const listedMax = 500;

/** Who went from which unit to which, the newest first; of one person, or of everybody. */
export async function listUnitMoves(ctx: Context, { person }: { person?: string | undefined }): Promise<UnitMove[]> {
  requirePermission(ctx, "members:read");
  if (person !== undefined && !isId(person)) return [];
  const rows = await ctx.inTenant((tx) =>
    tx.unitMove.findMany({
      where: person === undefined ? {} : { userId: person },
      orderBy: [{ movedAt: "desc" }, { id: "desc" }],
      take: listedMax,
    }),
  );
  const unit = (id: string | null, name: string | null) => (id === null ? null : { id, name: name ?? "" });
  return rows.map((row) => ({
    id: row.id,
    personId: row.userId,
    from: unit(row.fromUnitId, row.fromUnitName),
    to: unit(row.toUnitId, row.toUnitName),
    at: row.movedAt.toISOString(),
    by: { id: row.movedById, name: row.movedByName },
  }));
}

/** Keeps that a person went from one unit to another, in the transaction that moves them. */
export async function keepUnitMove(
  tx: Tx,
  ctx: Context,
  { personId, from, to }: { personId: string; from: string | null; to: string | null },
): Promise<void> {
  if (from === to) return;
  const nameOf = async (id: string | null) => (id === null ? null : (await findUnit(tx, id)).name);
  await tx.unitMove.create({
    data: {
      id: newId(),
      userId: personId,
      fromUnitId: from,
      fromUnitName: await nameOf(from),
      toUnitId: to,
      toUnitName: await nameOf(to),
      movedAt: ctx.host.clock.now(),
      movedById: ctx.actor.id,
      movedByName: ctx.actor.name,
    },
  });
}
