import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import type { FileShape } from "./read-header.ts";

const sampleBytes = 1024 * 1024;

/**
 * Writes the whole records at the beginning of a text file to `target`, unpacked and as UTF-8, and returns the shape of the
 * copy. A Parquet file is its own sample.
 */
export async function sampleFile(
  path: string,
  shape: FileShape,
  target: string,
): Promise<{ path: string; shape: FileShape }> {
  if (shape.kind === "parquet") return { path, shape };
  const { bytes, isCut } = await readStart(path, shape.gzip);
  const encoding = shape.kind === "csv" ? shape.encoding : "utf-8";
  const text = new TextDecoder(encoding).decode(bytes, { stream: true });
  await writeFile(target, isCut ? wholeRecords(text, shape.kind === "csv") : text);
  return {
    path: target,
    shape: { ...shape, gzip: false, ...(shape.kind === "csv" ? { encoding: "utf-8" } : {}) } as FileShape,
  };
}

async function readStart(path: string, gzip: boolean): Promise<{ bytes: Uint8Array; isCut: boolean }> {
  const source = createReadStream(path, { highWaterMark: 256 * 1024 });
  const content = gzip ? source.pipe(createGunzip()) : source;
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of content) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      if (bytes > sampleBytes) break;
    }
  } catch {
    // A gzip that is cut or corrupt further on has a beginning all the same; landing reads it to its end and says so.
  } finally {
    source.destroy();
  }
  return { bytes: Buffer.concat(chunks).subarray(0, sampleBytes), isCut: bytes > sampleBytes };
}

/** Up to the last line break that no quote encloses. */
function wholeRecords(text: string, isQuoted: boolean): string {
  let end = 0;
  let quotes = 0;
  for (let index = 0; index < text.length; index++) {
    const char = text[index];
    if (char === '"' && isQuoted) quotes += 1;
    else if (char === "\n" && quotes % 2 === 0) end = index + 1;
  }
  return text.slice(0, end);
}
