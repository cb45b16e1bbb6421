import { AppError } from "@finops/kernel/app-error";
import { isId, newId } from "@finops/kernel/id";
import type * as z from "zod";
import { audit } from "../audit/audit.ts";
import type { Tx } from "../db/database.ts";
import type { Document } from "../db/generated/client.ts";
import { toJsonColumn } from "../db/json-column.ts";
import type { Context } from "../tenancy/context.ts";
import { mayChange, maySee, type Reader, requireMayChange, requireVersion } from "./document-access.ts";
import { type DocumentHead, type DocumentRestore, type DocumentVersionHead, Sharing } from "./sharing.ts";

export interface Draft<T> {
  name: string;
  description: string;
  sharing: Sharing;
  content: T;
}

export type Change<T> = { version: number } & Partial<Draft<T>>;

export type Kept<T> = DocumentHead & { content: T };

/** The documents of one kind: made, read, changed and deleted by the same rules, with every version kept. */
export interface DocumentStore<T> {
  insert(tx: Tx, ctx: Context, draft: Draft<T>): Promise<Kept<T>>;
  /** Those that the person may see, by name. */
  list(tx: Tx, ctx: Context): Promise<Kept<T>[]>;
  /** Throws `not_found` for one that there is not, that was deleted, or that the person may not see. */
  get(tx: Tx, ctx: Context, id: string): Promise<Kept<T>>;
  /** Throws `conflict` when somebody was faster, `forbidden` when the person may not. */
  change(tx: Tx, ctx: Context, id: string, change: Change<T>): Promise<Kept<T>>;
  remove(tx: Tx, ctx: Context, id: string): Promise<void>;
  /** What each change left behind, the newest first. */
  listVersions(tx: Tx, ctx: Context, id: string): Promise<DocumentVersionHead[]>;
  getVersion(
    tx: Tx,
    ctx: Context,
    id: string,
    version: number,
  ): Promise<Pick<Draft<T>, "name" | "description" | "content">>;
  /** Makes an earlier version the newest: a change like any other, which can itself be taken back. */
  restore(tx: Tx, ctx: Context, id: string, restore: DocumentRestore): Promise<Kept<T>>;
}

/** Throws `invalid` for more than 500 documents of a kind in one company. */
export function createDocumentStore<T>(kind: "dashboard" | "report", content: z.ZodType<T>): DocumentStore<T> {
  const documentsMax = 500;

  function toKept(row: Document, reader: Reader): Kept<T> {
    const sharing = Sharing.parse(row.sharing);
    return {
      id: row.id,
      name: row.name,
      description: row.description,
      sharing,
      version: row.version,
      owner: { id: row.ownerId, name: row.ownerName },
      changedBy: { id: row.changedById, name: row.changedByName },
      createdAt: row.createdAt.toISOString(),
      changedAt: row.changedAt.toISOString(),
      mayChange: mayChange({ ownerId: row.ownerId, sharing }, reader),
      content: content.parse(row.content),
    };
  }

  async function find(tx: Tx, reader: Reader, id: string): Promise<Kept<T>> {
    const row = isId(id) ? await tx.document.findFirst({ where: { id, kind, deletedAt: null } }) : null;
    if (row === null || !maySee({ ownerId: row.ownerId, sharing: Sharing.parse(row.sharing) }, reader))
      throw new AppError("not_found", `There is no such ${kind}.`);
    return toKept(row, reader);
  }

  async function keepVersion(tx: Tx, row: Document): Promise<void> {
    const { id, version, name, description, changedById, changedByName, changedAt } = row;
    await tx.documentVersion.create({
      data: {
        documentId: id,
        tenantId: row.tenantId,
        version,
        name,
        description,
        content: toJsonColumn(row.content),
        changedById,
        changedByName,
        changedAt,
      },
    });
  }

  const store: DocumentStore<T> = {
    async insert(tx, ctx, draft) {
      const reader = await readerOf(tx, ctx);
      requireMayChange({ ownerId: reader.id, sharing: { with: "nobody" } }, reader, draft.sharing);
      if ((await tx.document.count({ where: { kind, deletedAt: null } })) >= documentsMax)
        throw new AppError("limit", `A company keeps at most ${documentsMax} ${kind}s. Delete one that nobody reads.`);
      const now = ctx.host.clock.now();
      const { id: ownerId, name: ownerName } = ctx.actor;
      const row = await tx.document.create({
        data: {
          id: newId(),
          tenantId: ctx.tenantId,
          kind,
          name: draft.name,
          description: draft.description,
          content: toJsonColumn(draft.content),
          sharing: toJsonColumn(draft.sharing),
          ownerId,
          ownerName,
          changedById: ownerId,
          changedByName: ownerName,
          createdAt: now,
          changedAt: now,
        },
      });
      await keepVersion(tx, row);
      await audit(tx, ctx, `${kind}.created`, { after: { id: row.id, name: row.name, sharing: draft.sharing } });
      return toKept(row, reader);
    },

    async list(tx, ctx) {
      const reader = await readerOf(tx, ctx);
      const rows = await tx.document.findMany({
        where: { kind, deletedAt: null },
        orderBy: [{ name: "asc" }, { id: "asc" }],
        take: documentsMax,
      });
      return rows
        .filter((row) => maySee({ ownerId: row.ownerId, sharing: Sharing.parse(row.sharing) }, reader))
        .map((row) => toKept(row, reader));
    },

    async get(tx, ctx, id) {
      return find(tx, await readerOf(tx, ctx), id);
    },

    async change(tx, ctx, id, { version, ...wished }) {
      const reader = await readerOf(tx, ctx);
      const before = await find(tx, reader, id);
      requireMayChange({ ownerId: before.owner.id, sharing: before.sharing }, reader, wished.sharing);
      requireVersion(before, version);
      const next = { ...before, ...wished };
      // Of two changes at the same moment, the second finds no row of its version.
      const { count } = await tx.document.updateMany({
        where: { id, kind, version, deletedAt: null },
        data: {
          name: next.name,
          description: next.description,
          content: toJsonColumn(next.content),
          sharing: toJsonColumn(next.sharing),
          version: version + 1,
          changedById: ctx.actor.id,
          changedByName: ctx.actor.name,
          changedAt: ctx.host.clock.now(),
        },
      });
      const row = await tx.document.findFirstOrThrow({ where: { id, kind } });
      if (count === 0) requireVersion(toKept(row, reader), version);
      await keepVersion(tx, row);
      await audit(tx, ctx, `${kind}.changed`, {
        before: { id, name: before.name, sharing: before.sharing, version },
        after: { id, name: next.name, sharing: next.sharing, version: version + 1 },
      });
      return toKept(row, reader);
    },

    async remove(tx, ctx, id) {
      const reader = await readerOf(tx, ctx);
      const before = await find(tx, reader, id);
      requireMayChange({ ownerId: before.owner.id, sharing: before.sharing }, reader);
      await tx.document.updateMany({ where: { id, kind }, data: { deletedAt: ctx.host.clock.now() } });
      await audit(tx, ctx, `${kind}.deleted`, { before: { id, name: before.name, version: before.version } });
    },

    async listVersions(tx, ctx, id) {
      await find(tx, await readerOf(tx, ctx), id);
      const rows = await tx.documentVersion.findMany({
        where: { documentId: id },
        orderBy: { version: "desc" },
        take: 200,
        select: { version: true, name: true, changedById: true, changedByName: true, changedAt: true },
      });
      return rows.map((row) => ({
        version: row.version,
        name: row.name,
        changedBy: { id: row.changedById, name: row.changedByName },
        changedAt: row.changedAt.toISOString(),
      }));
    },

    async getVersion(tx, ctx, id, version) {
      await find(tx, await readerOf(tx, ctx), id);
      const row = await tx.documentVersion.findFirst({ where: { documentId: id, version } });
      if (row === null) throw new AppError("not_found", "There is no such version.");
      return { name: row.name, description: row.description, content: content.parse(row.content) };
    },

    async restore(tx, ctx, id, { version, on }) {
      const earlier = await store.getVersion(tx, ctx, id, version);
      return store.change(tx, ctx, id, { version: on, ...earlier });
    },
  };
  return store;
}

async function readerOf(tx: Tx, ctx: Context): Promise<Reader> {
  const membership =
    ctx.actor.kind === "person" && isId(ctx.actor.id)
      ? await tx.membership.findFirst({ where: { userId: ctx.actor.id }, include: { role: true } })
      : null;
  return { id: ctx.actor.id, role: membership?.role.key ?? null, mayShare: ctx.permissions.has("views:write") };
}
