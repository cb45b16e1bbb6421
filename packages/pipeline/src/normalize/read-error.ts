import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { AppError } from "@finops/kernel/app-error";
import type { LandedFile } from "./raw-relation.ts";

/**
 * What a reader of the engine says about a file, as a sentence with the file's own name and, where it is known, the line.
 * Any other error comes back as it is.
 */
export async function explainReadError(error: unknown, files: readonly LandedFile[]): Promise<unknown> {
  if (!(error instanceof AppError) || error.code !== "internal") return error;
  const internal = error.internal ?? "";
  // The statement follows the engine's own words, and holds any word.
  const said = internal.split(/\n(?=SELECT|COPY|DESCRIBE)/)[0]!;
  const file = files.find(({ path }) => said.includes(path)) ?? (files.length === 1 ? files[0] : undefined);
  if (file === undefined) return error;
  const refuse = (sentence: string) =>
    new AppError("invalid", sentence, { internal, facts: { file: file.name }, cause: error });
  if (file.shape.kind === "jsonl" && /JSON/.test(said)) return refuse(await brokenJson(file, said));
  if (file.shape.kind === "parquet" && !/^(Binder|Parser|Catalog|Not implemented)/.test(said))
    return refuse(`${file.name} is corrupt: it cannot be read as a Parquet file. Fetch it again.`);
  if (file.shape.kind === "csv" && /CSV/.test(said))
    return refuse(`${file.name} cannot be read as a CSV file: ${said.split("\n")[0]!.slice(0, 200)}`);
  return error;
}

/** The engine's own count of lines is sometimes one too high, so the line is looked for. */
async function brokenJson(file: LandedFile, said: string): Promise<string> {
  const line = (await findBrokenLine(file)) ?? /in line (\d+)/.exec(said)?.[1];
  const where = line === undefined ? file.name : `${file.name}, line ${line}`;
  const twice = /duplicate key "([^"]*)"/.exec(said)?.[1];
  if (twice !== undefined) return `${where}: the object has the key "${twice}" twice.`;
  return `${where}: this is no JSON object. The file is cut off or corrupt; fetch it again.`;
}

async function findBrokenLine({ path, shape }: LandedFile): Promise<number | null> {
  const raw = createReadStream(path);
  const input = shape.kind === "jsonl" && shape.gzip ? raw.pipe(createGunzip()) : raw;
  let line = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    if (text.trim() !== "" && !isObject(text)) return line;
  }
  return null;
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
