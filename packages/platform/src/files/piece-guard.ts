import { createHash, type Hash } from "node:crypto";
import { AppError } from "@finops/kernel/app-error";

/** One writer at a time per file that comes in pieces, and what was hashed of it on the way. */
export interface PieceGuard {
  /** @throws conflict while another writer is at the file */
  alone<T>(file: string, work: () => Promise<T>): Promise<T>;
  /** The hash of a file's first bytes, to go on with; null when it is not known. */
  hashUpTo(file: string, bytes: number): Hash | null;
  remember(file: string, hash: Hash, bytes: number): void;
  forget(file: string): void;
}

const rememberedMax = 1000;

export function createPieceGuard(): PieceGuard {
  const busy = new Set<string>();
  // Lost with the process: then the file is read once more when it is whole.
  const hashes = new Map<string, { hash: Hash; bytes: number }>();
  return {
    async alone(file, work) {
      if (busy.has(file)) throw busyFile();
      busy.add(file);
      try {
        return await work();
      } finally {
        busy.delete(file);
      }
    },
    hashUpTo(file, bytes) {
      const known = hashes.get(file);
      if (known?.bytes === bytes) return known.hash.copy();
      return bytes === 0 ? createHash("sha256") : null;
    },
    remember(file, hash, bytes) {
      hashes.set(file, { hash, bytes });
      const [oldest] = hashes.keys();
      if (hashes.size > rememberedMax && oldest !== undefined) hashes.delete(oldest);
    },
    forget: (file) => void hashes.delete(file),
  };
}

export function busyFile(): AppError {
  return new AppError("conflict", "Somebody else is sending this file at the moment. Wait until that ends.", {
    facts: { isBusy: true },
  });
}

export function requireOffset(there: number, offset: number): void {
  if (there !== offset)
    throw new AppError(
      "conflict",
      `The file has ${there} bytes by now, so the next piece starts there and not at ${offset}.`,
      { facts: { offset: there } },
    );
}

export function wrongPiece(offset: number): AppError {
  return new AppError("invalid", "The piece that arrived is not the one that was sent. Send it again.", {
    facts: { offset },
  });
}
