import { createHash } from "node:crypto";
import type { ImportReport } from "../import-report.ts";
import type { ImportRequest } from "../import-request.ts";
import type { BillDelivery } from "./find-deliveries.ts";
import type { LandedCopy } from "./land-file.ts";

/** A copy of a file of the delivery, with the part that it plays. */
export type LandedFile = LandedCopy & { role: string };

/** The same files, read the same way, are the same content, whatever they are called. */
export function contentHash(
  landed: readonly Pick<LandedFile, "sha256" | "role">[],
  delivery: Pick<BillDelivery, "format">,
  request: Pick<ImportRequest, "assume" | "definition">,
): string {
  const files = landed.map((file) => `${file.sha256} ${file.role}`).toSorted();
  return createHash("sha256")
    .update(JSON.stringify([delivery.format, files, request.assume ?? {}, request.definition ?? null]))
    .digest("hex");
}

/** The same file twice in one delivery, as a download that was repeated, counts once. */
export function withoutCopies<T extends Pick<LandedFile, "sha256" | "role">>(files: readonly T[]): T[] {
  return files.filter((file, index) => firstOf(files, file) === index);
}

export function copiesOf(files: readonly LandedFile[]): ImportReport["ignored"] {
  return files.flatMap((file, index) => {
    const first = firstOf(files, file);
    return first === index ? [] : [{ file: file.name, because: `The same as ${files[first]!.name}.` }];
  });
}

function firstOf(
  files: readonly Pick<LandedFile, "sha256" | "role">[],
  file: Pick<LandedFile, "sha256" | "role">,
): number {
  return files.findIndex((other) => other.sha256 === file.sha256 && other.role === file.role);
}
