import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, stat, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import { createPieceGuard, requireOffset, wrongPiece } from "./piece-guard.ts";

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

/** Writes files piece by piece, one writer at a time, and hashes them on the way so that they need not be read again. */
export function createPieceWriter(): PieceWriter {
  const guard = createPieceGuard();

  return {
    append: (path, { offset, sha256 }, content) =>
      guard.alone(path, async () => {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        requireOffset(await sizeOf(path), offset);
        const whole = guard.hashUpTo(path, offset);
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
          if (whole !== null) guard.remember(path, whole, bytes);
        }
        if (sha256 !== undefined && ofPiece.digest("hex") !== sha256) {
          guard.forget(path);
          await truncate(path, offset);
          throw wrongPiece(offset);
        }
        return bytes;
      }),
    seal: (path) =>
      guard.alone(path, async () => {
        const bytes = await sizeOf(path);
        const known = guard.hashUpTo(path, bytes);
        const hash = known ?? createHash("sha256");
        if (known === null)
          for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
        return { bytes, sha256: hash.digest("hex") };
      }),
    forget: (path) => guard.forget(path),
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
