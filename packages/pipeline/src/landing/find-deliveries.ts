import { readFile } from "node:fs/promises";
import { dirname } from "node:path/posix";
import { AppError } from "@finops/kernel/app-error";
import { getFormat, planDeliveries } from "@finops/connectors/registry";
import type { DetectedFile } from "../engine/detect-task.ts";
import type { PipelineHost } from "../pipeline-host.ts";
import type { ImportRequest } from "../import-request.ts";
import type { BillFile } from "./list-bill-files.ts";

/** Files that import as one, with what they are. */
export interface BillDelivery {
  label: string;
  format: string;
  connector: string;
  because: string;
  files: readonly (BillFile & { role: string })[];
  ignored: readonly { file: string; because: string }[];
  bytes: number;
}

const manifestBytesMax = 16 * 1024 * 1024;

/** Files that cannot be imported as they are, and why. */
export interface DeliveryProblem {
  files: readonly string[];
  error: AppError;
}

export interface PlannedImport {
  deliveries: BillDelivery[];
  problems: DeliveryProblem[];
}

/**
 * Groups files into deliveries. Throws `invalid` when a file is no bill that is known, or when a manifest names files that
 * are missing.
 */
export async function findDeliveries(
  pipeline: PipelineHost,
  request: ImportRequest,
  signal?: AbortSignal,
): Promise<BillDelivery[]> {
  const { deliveries, problems } = await planImport(pipeline, request, signal);
  const [first] = problems;
  if (first === undefined) return deliveries;
  const { code, message, facts } = first.error;
  if (problems.length === 1) throw first.error;
  throw new AppError(code, `${message} (There is more of it, in ${problems.length - 1} other places.)`, { facts });
}

/**
 * Groups files into deliveries: by the providers' manifests where there are some, else by format and folder. What cannot be
 * imported is told beside what can.
 */
export async function planImport(
  pipeline: Pick<PipelineHost, "engine">,
  request: Pick<ImportRequest, "files" | "format" | "definition">,
  signal?: AbortSignal,
): Promise<PlannedImport> {
  if (request.files.length === 0) throw new AppError("invalid", "There is no file to import.");
  const byName = new Map(request.files.map((file) => [file.name, file]));
  const planned = await planDeliveries(
    request.files.map((file) => ({ path: file.name, bytes: file.bytes })),
    (name) => readManifest(byName, name),
  );
  const incomplete = planned.deliveries
    .filter((delivery) => delivery.missing.length > 0)
    .map((delivery) => ({
      files: delivery.files.map((file) => file.path),
      error: new AppError(
        "invalid",
        `${delivery.label} is not complete: ${delivery.missing.slice(0, 5).join(", ")}${delivery.missing.length > 5 ? ` and ${delivery.missing.length - 5} more` : ""} ${delivery.missing.length === 1 ? "is" : "are"} missing. Copy the whole delivery and import it again.`,
      ),
    }));
  const whole = planned.deliveries.filter((delivery) => delivery.files.length > 0 && delivery.missing.length === 0);
  if (whole.length + planned.unclaimed.length === 0)
    return {
      deliveries: [],
      problems:
        incomplete.length > 0
          ? incomplete
          : [{ files: [], error: nothingToImport(planned.deliveries.flatMap((delivery) => delivery.ignored)) }],
    };
  const { detected, problem } = await detect(
    pipeline,
    request,
    [
      ...whole.flatMap((delivery) => delivery.files.slice(0, 1).map((file) => byName.get(file.path)!)),
      ...planned.unclaimed.map((name) => byName.get(name)!),
    ],
    signal,
  );
  const deliveries = whole.flatMap((delivery) => {
    const found = detected.get(delivery.files[0]!.path);
    if (found === undefined) return [];
    const files = delivery.files.map((file) => ({
      ...byName.get(file.path)!,
      role: file.role ?? (found.role === "" ? "" : found.role),
    }));
    return [
      toDelivery(
        delivery.label,
        found,
        files,
        delivery.ignored.map((file) => ({ file: file.path, because: file.because })),
      ),
    ];
  });
  return {
    problems: [...incomplete, ...(problem === null ? [] : [problem])],
    deliveries: [
      ...deliveries,
      ...groupUnclaimed(
        planned.unclaimed.filter((name) => detected.has(name)),
        byName,
        detected,
      ),
    ].toSorted((a, b) => comparePaths(a.files[0]!.name, b.files[0]!.name)),
  };
}

function nothingToImport(ignored: readonly { path: string; because: string }[]): AppError {
  const [first] = ignored;
  return new AppError(
    "invalid",
    `There is no bill to import.${first === undefined ? "" : ` ${first.path} is left out: ${first.because}`}`,
    { facts: { ignored: ignored.slice(0, 100) } },
  );
}

/** Folder by folder, so that `cur` comes before `cur-restated`: of two deliveries of one month, the later one counts. */
function comparePaths(a: string, b: string): number {
  const [left, right] = [a.split("/"), b.split("/")];
  const at = left.findIndex((part, index) => part !== right[index]);
  return at < 0 ? left.length - right.length : (left[at] ?? "") < (right[at] ?? "") ? -1 : 1;
}

/** Without a manifest, the files of one folder that have one format are one delivery. */
function groupUnclaimed(
  names: readonly string[],
  byName: ReadonlyMap<string, BillFile>,
  detected: ReadonlyMap<string, DetectedFile>,
): BillDelivery[] {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const key = JSON.stringify([dirname(name), detected.get(name)!.format]);
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return [...groups.values()].map((group) =>
    toDelivery(
      group.length === 1
        ? group[0]!
        : `${dirname(group[0]!) === "." ? "" : `${dirname(group[0]!)}: `}${group.length} files`,
      detected.get(group[0]!)!,
      group.map((name) => ({ ...byName.get(name)!, role: detected.get(name)!.role })),
      [],
    ),
  );
}

function toDelivery(
  label: string,
  found: DetectedFile,
  files: BillDelivery["files"],
  ignored: BillDelivery["ignored"],
): BillDelivery {
  const { connector } = getFormat(found.format);
  return {
    label,
    format: found.format,
    connector,
    because: found.because,
    files,
    ignored,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
  };
}

/** One engine keeps one core busy with what is this small. */
const filesForOneEngine = 16;

async function detect(
  pipeline: Pick<PipelineHost, "engine">,
  request: Pick<ImportRequest, "format" | "definition">,
  files: readonly BillFile[],
  signal: AbortSignal | undefined,
): Promise<{ detected: Map<string, DetectedFile>; problem: DeliveryProblem | null }> {
  const shares =
    files.length <= filesForOneEngine ? [files] : [0, 1].map((half) => files.filter((_, at) => at % 2 === half));
  const outputs = await Promise.all(
    shares.map((share) =>
      pipeline.engine.run(
        "detect",
        {
          files: share.map(({ name, path }) => ({ name, path })),
          ...(request.format === undefined ? {} : { format: request.format }),
          ...(request.definition === undefined ? {} : { definition: request.definition }),
        },
        { signal },
      ),
    ),
  );
  const places = new Map(files.map(({ name }, at) => [name, at]));
  const inOrder = <T extends { name: string }>(ofShares: T[][]) =>
    ofShares.flat().toSorted((a, b) => places.get(a.name)! - places.get(b.name)!);
  const detected = inOrder(outputs.map((output) => output.detected));
  const failed = inOrder(outputs.map((output) => output.failed));
  // A folder holds manifests and notes beside bills; a file that should be a bill and is none stops the import.
  const isBeside = (name: string) =>
    files.length > 1 && /\.(json|txt|md|pdf|xlsx?|html?|sql|ya?ml|log|crc)$/i.test(name);
  const fatal = failed.filter((file) => !isBeside(file.name));
  const first = fatal[0] ?? (detected.length === 0 ? failed[0] : undefined);
  return {
    detected: new Map(detected.map((file) => [file.name, file])),
    problem:
      first === undefined
        ? null
        : {
            files: (fatal.length === 0 ? failed : fatal).map((file) => file.name),
            error: new AppError(
              "invalid",
              `${first.message}${fatal.length > 1 ? ` (and ${fatal.length - 1} more files)` : ""} Nothing was imported.`,
              { facts: { failed: fatal.slice(0, 100) } },
            ),
          },
  };
}

async function readManifest(byName: ReadonlyMap<string, BillFile>, name: string): Promise<string> {
  const file = byName.get(name);
  if (file === undefined) throw new AppError("invalid", `The manifest ${name} is not in the folder.`);
  if (file.bytes > manifestBytesMax) throw new AppError("invalid", `${name} is too large for a manifest.`);
  return readFile(file.path, "utf8");
}
