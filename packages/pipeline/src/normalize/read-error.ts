import { AppError } from "@finops/kernel/app-error";
import type { LandedFile } from "./raw-relation.ts";

/**
 * What a reader of the engine says about a file, as a sentence with the file's own name and, where it is known, the line.
 * Any other error comes back as it is.
 */
export function explainReadError(error: unknown, files: readonly LandedFile[]): unknown {
  if (!(error instanceof AppError) || error.code !== "internal") return error;
  const text = error.internal ?? "";
  const file = files.find(({ path }) => text.includes(path)) ?? (files.length === 1 ? files[0] : undefined);
  if (file === undefined) return error;
  const refuse = (sentence: string) => new AppError("invalid", sentence, { internal: text, facts: { file: file.name }, cause: error });
  if (file.shape.kind === "jsonl") {
    const line = /in line (\d+)/.exec(text)?.[1];
    if (/Malformed JSON|unexpected|Invalid.*JSON|in line \d+/i.test(text)) return refuse(`${file.name}${line === undefined ? "" : `, line ${line}`}: this is no JSON object. The file is cut off or corrupt; fetch it again.`);
  }
  if (file.shape.kind === "parquet" && isParquetError(text)) return refuse(`${file.name} is corrupt: it cannot be read as a Parquet file. Fetch it again.`);
  if (file.shape.kind === "csv" && isCsvError(text)) return refuse(`${file.name} cannot be read as a CSV file: ${text.split("\n")[0]!.slice(0, 200)}`);
  return error;
}

function isParquetError(text: string): boolean {
  return /parquet|snappy|zstd|gzip|lz4|brotli|thrift|TProtocol|corrupt|decompress|out of (buffer|range)|footer|page|column chunk|^Invalid|^IO Error|^Serialization|don't know what type/i.test(text.split("\nSELECT")[0]!.split("\nCOPY")[0]!);
}

function isCsvError(text: string): boolean {
  return /CSV|Invalid unicode|line size/i.test(text.split("\nSELECT")[0]!.split("\nCOPY")[0]!);
}
