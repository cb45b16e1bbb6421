import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

/** Writes a file that is there whole or not at all, whatever happens on the way. */
export async function writeWhole(out: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const draft = `${out}.part`;
  try {
    await pipeline(bytes, createWriteStream(draft));
    await rename(draft, out);
  } finally {
    await rm(draft, { force: true });
  }
}
