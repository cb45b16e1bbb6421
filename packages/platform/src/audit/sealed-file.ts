import { createHash } from "node:crypto";
import { AppError } from "@finops/kernel/app-error";
import type { AuditSeal } from "../db/generated/client.ts";
import type { FileStore } from "../files/file-store.ts";
import { type ChainPlace, hashLine } from "./chain.ts";
import type { ChainFault } from "./verify-chain.ts";

/** Reads a sealed segment line by line, from the entry before it. Returns its last entry, or what does not fit. */
export async function walkSealedFile(
  files: FileStore,
  seal: AuditSeal,
  before: ChainPlace,
): Promise<ChainPlace | ChainFault> {
  const first = before.sequence + 1n;
  if (seal.firstSequence !== first)
    return faultOf(first, "missing", `The seal of the segment that begins with entry ${first} is missing.`);
  const bytes = await files.get(seal.file).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  });
  if (bytes === null)
    return faultOf(first, "missing", `The file of entries ${first} to ${seal.lastSequence} is missing: ${seal.file}.`);
  const whole = createHash("sha256");
  let place = before;
  for await (const line of linesOf(bytes, whole)) {
    const at = placeIn(line);
    const sequence = place.sequence + 1n;
    if (at?.sequence !== sequence)
      return at !== null && at.sequence > sequence
        ? faultOf(sequence, "missing", `Entry ${sequence} is missing in ${seal.file}.`)
        : faultOf(sequence, "changed", `Entry ${sequence} was changed or moved in ${seal.file}.`);
    if (at.previous !== place.hash)
      return changedIn(seal, place.sequence === before.sequence ? sequence : place.sequence);
    place = { sequence, hash: hashLine(line) };
  }
  if (place.sequence < seal.lastSequence)
    return faultOf(place.sequence + 1n, "missing", `Entry ${place.sequence + 1n} is missing in ${seal.file}.`);
  if (place.hash !== seal.lastHash || whole.digest("hex") !== seal.sha256) return changedIn(seal, place.sequence);
  return place;
}

function changedIn(seal: AuditSeal, sequence: bigint): ChainFault {
  return faultOf(sequence, "changed", `Entry ${sequence} was changed in ${seal.file}.`);
}

function faultOf(sequence: bigint, kind: ChainFault["kind"], sentence: string): ChainFault {
  return { sequence, kind, sentence };
}

// Not node:readline, which ends a line at U+2028 too; in JSON that is a sign like any other.
async function* linesOf(
  bytes: AsyncIterable<Uint8Array>,
  whole: ReturnType<typeof createHash>,
): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let rest = "";
  for await (const chunk of bytes) {
    whole.update(chunk);
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== "") yield rest;
}

/** Null for what is no line of an audit. */
function placeIn(line: string): { sequence: bigint; previous: unknown } | null {
  try {
    const { sequence, previous } = JSON.parse(line) as Record<string, unknown>;
    return typeof sequence === "number" && Number.isSafeInteger(sequence)
      ? { sequence: BigInt(sequence), previous }
      : null;
  } catch {
    return null;
  }
}
