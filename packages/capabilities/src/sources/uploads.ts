import { text } from "node:stream/consumers";
import { AppError } from "@finops/kernel/app-error";
import { isId, newId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import type { FileStore } from "@finops/platform/files/file-store";
import type { Host } from "@finops/platform/host";
import type { Context } from "@finops/platform/tenancy/context";
import { listTenants } from "@finops/platform/tenancy/tenants";
import type { ImportJob, UploadedFile } from "./contract.ts";

const uploadBytesMax = 200 * 1024 ** 3;
/** How long a sender may be silent: then others may send the file on. */
const silenceMaxMs = 45_000;
const abandonedMs = 7 * 86_400_000;

/** Where an import's files wait: in the file store, so that a restart finds them again. */
export function uploadPrefix(tenantId: string, importId: string): string {
  return `tenants/${tenantId}/uploads/${importId}`;
}

/** Opens an import: files are added to it, then it is started. Uploads that nobody went on with for a week go. */
export async function openImport(ctx: Context): Promise<ImportJob> {
  requirePermission(ctx, "imports:write");
  for (const old of await listOpenImports(ctx))
    if (ctx.host.clock.now().getTime() - Date.parse(old.createdAt) > abandonedMs) await discardOpenImport(ctx, old.id);
  const id = newId();
  await ctx.host.files.put(
    `${uploadPrefix(ctx.tenantId, id)}.open`,
    new TextEncoder().encode(ctx.host.clock.now().toISOString()),
  );
  return (await findOpenImport(ctx, id))!;
}

/** An import whose files still come; null when there is none or it was started. */
export async function findOpenImport(ctx: Context, importId: string): Promise<ImportJob | null> {
  const { files } = ctx.host;
  if (!isId(importId)) return null;
  const marker = `${uploadPrefix(ctx.tenantId, importId)}.open`;
  if ((await files.find(marker)) === null) return null;
  const prefix = `${uploadPrefix(ctx.tenantId, importId)}/`;
  const stored = [...(await files.list(prefix)), ...(await files.listUnfinished(prefix))];
  return {
    id: importId,
    state: "open",
    files: stored.map(({ name, bytes }) => ({ name: name.slice(prefix.length), bytes })),
    progress: null,
    reports: [],
    error: null,
    createdAt: await text(await files.get(marker)),
    finishedAt: null,
  };
}

export async function listOpenImports(ctx: Context): Promise<ImportJob[]> {
  const prefix = `tenants/${ctx.tenantId}/uploads/`;
  const markers = (await ctx.host.files.list(prefix)).flatMap(
    ({ name }) => /^([\w-]+)\.open$/.exec(name.slice(prefix.length))?.[1] ?? [],
  );
  const found = await Promise.all(markers.map((id) => findOpenImport(ctx, id)));
  return found.filter((job) => job !== null).toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
}

/** Forgets an import that was not started, with all that was sent. */
export async function discardOpenImport(ctx: Context, importId: string): Promise<void> {
  await ctx.host.files.delete(`${uploadPrefix(ctx.tenantId, importId)}.open`);
  await removeUpload(ctx.host.files, ctx.tenantId, importId);
}

/** Streams one file of an import to disk, whole. The name is its path below the folder that the person picked. */
export async function addImportFile(
  ctx: Context,
  importId: string,
  name: string,
  content: AsyncIterable<Uint8Array>,
): Promise<UploadedFile> {
  requirePermission(ctx, "imports:write");
  await requireOpen(ctx, importId);
  const written = await ctx.host.files.put(fileName(ctx, importId, name), arriving(content, uploadBytesMax));
  await keepHash(ctx, importId, name, written.sha256);
  return { name, bytes: written.bytes, length: written.bytes, isComplete: true, sha256: written.sha256 };
}

/**
 * Removes what was sent for imports that ended a week ago: of those that failed, and of those whose process died before it took
 * their files away. Safe to call at any time and from several processes.
 */
export async function removeLeftUploads({ db, files, clock }: Host): Promise<void> {
  const before = new Date(clock.now().getTime() - abandonedMs);
  for (const { id: tenantId } of await listTenants(db)) {
    const names = await files.listNames(`tenants/${tenantId}/uploads`);
    for (const importId of names.filter((name) => isId(name) && !names.includes(`${name}.open`))) {
      const ended = await db.inTenant(tenantId, (tx) =>
        tx.workItem.count({
          where: { kind: "import", payload: { path: ["importId"], equals: importId }, finishedAt: { lt: before } },
        }),
      );
      if (ended > 0) await removeUpload(files, tenantId, importId);
    }
  }
}

/** Takes away what was sent for an import. */
export async function removeUpload(files: FileStore, tenantId: string, importId: string): Promise<void> {
  const prefix = uploadPrefix(tenantId, importId);
  for (const folder of [prefix, `${prefix}.sha256`]) await files.deleteAll(`${folder}/`);
}

export interface FilePiece {
  name: string;
  offset: number;
  /** Of the whole file. The piece that reaches it completes the file. */
  length: number;
  /** Hex sha-256 of the piece, and of the whole file where the sender knows it. */
  pieceSha256?: string | undefined;
  sha256?: string | undefined;
}

/**
 * Adds a piece to a file of an import, in the file's order. After a break, a restart or a reload the sender asks how much is
 * there and goes on. @throws conflict when the piece starts elsewhere (`facts.offset`) or somebody else is sending
 */
export async function appendImportFile(
  ctx: Context,
  importId: string,
  piece: FilePiece,
  content: AsyncIterable<Uint8Array>,
): Promise<UploadedFile> {
  requirePermission(ctx, "imports:write");
  await requireOpen(ctx, importId);
  const { files } = ctx.host;
  const { name, offset, length } = piece;
  if (length > uploadBytesMax) throw tooLarge();
  if (offset > length) throw new AppError("invalid", `A file of ${length} bytes has no piece at ${offset}.`);
  const stored = fileName(ctx, importId, name);
  const whole = await files.find(stored);
  if (whole !== null)
    throw new AppError("conflict", `${name} is there already, with ${whole.bytes} bytes.`, {
      facts: { offset: whole.bytes, isComplete: true },
    });
  const { bytes } = await files.append(
    stored,
    { offset, sha256: piece.pieceSha256 },
    arriving(content, length - offset),
  );
  if (bytes < length) return { name, bytes, length, isComplete: false, sha256: null };
  const finished = await files.finish(stored);
  if (piece.sha256 !== undefined && piece.sha256 !== finished.sha256) {
    await files.delete(stored);
    throw new AppError("invalid", `${name} arrived as another file than it was sent. Send it again from the start.`, {
      facts: { offset: 0 },
    });
  }
  await keepHash(ctx, importId, name, finished.sha256);
  return { name, bytes, length, isComplete: true, sha256: finished.sha256 };
}

/** How much of a file is there. */
export async function getImportFile(ctx: Context, importId: string, name: string): Promise<UploadedFile> {
  requirePermission(ctx, "imports:write");
  await requireOpen(ctx, importId);
  const stored = fileName(ctx, importId, name);
  const whole = await ctx.host.files.find(stored);
  if (whole === null) {
    const part = await ctx.host.files.findUnfinished(stored);
    return { name, bytes: part?.bytes ?? 0, length: null, isComplete: false, sha256: null };
  }
  const sha256 = await findHash(ctx, importId, name);
  return { name, bytes: whole.bytes, length: whole.bytes, isComplete: true, sha256 };
}

/** Takes a file out of an import, or what is there of it. */
export async function removeImportFile(ctx: Context, importId: string, name: string): Promise<void> {
  requirePermission(ctx, "imports:write");
  await requireOpen(ctx, importId);
  await ctx.host.files.delete(fileName(ctx, importId, name));
  await ctx.host.files.delete(hashName(ctx, importId, name));
}

export async function requireOpen(ctx: Context, importId: string): Promise<void> {
  const isOpen = isId(importId) && (await ctx.host.files.find(`${uploadPrefix(ctx.tenantId, importId)}.open`)) !== null;
  if (!isOpen) throw new AppError("not_found", "There is no such import, or it was started already.");
}

/** A bill as it was sent: its own name, and that of its file in the store. */
export interface UploadedBill {
  name: string;
  stored: string;
  bytes: number;
}

/** The files of an import, all of them whole. @throws precondition when one is still on its way */
export async function wholeUploads(ctx: Context, importId: string): Promise<UploadedBill[]> {
  const prefix = `${uploadPrefix(ctx.tenantId, importId)}/`;
  const [part, ...more] = await ctx.host.files.listUnfinished(prefix);
  if (part !== undefined)
    throw new AppError(
      "precondition",
      `${part.name.slice(prefix.length)}${more.length === 0 ? "" : ` and ${more.length} more files`} did not arrive whole. Send the rest, or remove what is there.`,
    );
  const files = await uploadedFiles(ctx.host.files, ctx.tenantId, importId);
  if (files.length === 0) throw new AppError("invalid", "Add a file before you start the import.");
  return files;
}

export async function uploadedFiles(files: FileStore, tenantId: string, importId: string): Promise<UploadedBill[]> {
  const prefix = `${uploadPrefix(tenantId, importId)}/`;
  const stored = await files.list(prefix);
  return stored.map((file) => ({ name: file.name.slice(prefix.length), stored: file.name, bytes: file.bytes }));
}

/** What was hashed while it arrived need not be read again to be recognised. */
export async function findHash(ctx: Context, importId: string, name: string): Promise<string | null> {
  const kept = hashName(ctx, importId, name);
  return (await ctx.host.files.find(kept)) === null ? null : text(await ctx.host.files.get(kept));
}

async function keepHash(ctx: Context, importId: string, name: string, sha256: string): Promise<void> {
  await ctx.host.files.put(hashName(ctx, importId, name), new TextEncoder().encode(sha256));
}

function fileName(ctx: Context, importId: string, name: string): string {
  return `${uploadPrefix(ctx.tenantId, importId)}/${name}`;
}

function hashName(ctx: Context, importId: string, name: string): string {
  return `${uploadPrefix(ctx.tenantId, importId)}.sha256/${name}`;
}

/** What arrives, up to a limit; a sender that falls silent is given up, so that it can go on anew. */
async function* arriving(content: AsyncIterable<Uint8Array>, bytesMax: number): AsyncIterable<Uint8Array> {
  const source = content[Symbol.asyncIterator]();
  let bytes = 0;
  try {
    for (;;) {
      const next = await withinSilence(source.next());
      if (next.done === true) return;
      bytes += next.value.length;
      if (bytes > bytesMax) throw bytesMax === uploadBytesMax ? tooLarge() : longerThanTold();
      yield next.value;
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("invalid", "The connection broke while the file was sent. Ask how much is there, and go on.", {
      cause,
    });
  } finally {
    void source.return?.().catch(() => undefined);
  }
}

async function withinSilence<T>(next: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the sender fell silent")), silenceMaxMs);
  });
  try {
    return await Promise.race([next, silence]);
  } finally {
    clearTimeout(timer);
  }
}

function tooLarge(): AppError {
  return new AppError("limit", "A file may have at most 200 GiB.");
}

function longerThanTold(): AppError {
  return new AppError("invalid", "More arrived than the file was said to have.");
}
