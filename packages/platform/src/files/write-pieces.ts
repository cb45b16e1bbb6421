import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, stat, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError } from "@finops/kernel/app-error";

export interface PieceWriter {
  /** Adds to the file at a path and returns its new size. What came before a break stays. */
  append(
    path: string,
    piece: { offset: number; sha256?: string | undefined },
    content: AsyncIterable<Uint8Array>,
  ): Promise<number>;
  /** Size and sha-256 of the whole; nobody may append meanwhile. */
  seal(path: string): Promise<{ bytes: number; sha256: string }>;
  forget(path: string): void;
}

const rememberedMax = 1000;

/** Writes files piece by piece, one writer at a time, and hashes them on the way so that they need not be read again. */
export function createPieceWriter(): PieceWriter {
  const busy = new Set<string>();
  // Lost with the process: then the file is read once more when it is whole.
  const hashes = new Map<string, { hash: Hash; bytes: number }>();

  async function alone<T>(path: string, work: () => Promise<T>): Promise<T> {
    if (busy.has(path))
      throw new AppError("conflict", "Somebody else is sending this file at the moment. Wait until that ends.", {
        facts: { isBusy: true },
      });
    busy.add(path);
    try {
      return await work();
    } finally {
      busy.delete(path);
    }
  }

  function remember(path: string, hash: Hash, bytes: number): void {
    hashes.set(path, { hash, bytes });
    const [oldest] = hashes.keys();
    if (hashes.size > rememberedMax && oldest !== undefined) hashes.delete(oldest);
  }

  return {
    append: (path, { offset, sha256 }, content) =>
      alone(path, async () => {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        const there = await sizeOf(path);
        if (there !== offset)
          throw new AppError(
            "conflict",
            `The file has ${there} bytes by now, so the next piece starts there and not at ${offset}.`,
            { facts: { offset: there } },
          );
        const known = hashes.get(path);
        const whole = offset === 0 ? createHash("sha256") : known?.bytes === offset ? known.hash.copy() : null;
        const ofPiece = createHash("sha256");
        let bytes = offset;
        const file = await open(path, offset === 0 ? "w" : "r+", 0o600);
        try {
          for await (const chunk of content) {
            await writeAll(file, chunk, bytes);
            bytes += chunk.byteLength;
            ofPiece.update(chunk);
            whole?.update(chunk);
          }
        } finally {
          // Also after a break: what is there counts, so it must last.
          try {
            await file.sync();
          } finally {
            await file.close();
          }
          if (whole !== null) remember(path, whole, bytes);
        }
        if (sha256 !== undefined && ofPiece.digest("hex") !== sha256) {
          hashes.delete(path);
          await truncate(path, offset);
          throw new AppError("invalid", "The piece that arrived is not the one that was sent. Send it again.", {
            facts: { offset },
          });
        }
        return bytes;
      }),
    seal: (path) =>
      alone(path, async () => {
        const bytes = await sizeOf(path);
        const known = hashes.get(path);
        const hash = known?.bytes === bytes ? known.hash.copy() : createHash("sha256");
        if (known?.bytes !== bytes)
          for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
        return { bytes, sha256: hash.digest("hex") };
      }),
    forget: (path) => void hashes.delete(path),
  };
}

async function writeAll(file: Awaited<ReturnType<typeof open>>, chunk: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < chunk.byteLength;)
    written += (await file.write(chunk, written, chunk.byteLength - written, position + written)).bytesWritten;
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() === true ? found.size : 0;
}
