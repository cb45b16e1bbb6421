import { AppError } from "@finops/kernel/app-error";
import * as z from "zod";
import type { ListedFile, ReadText } from "../delivery.ts";

/** A manifest of a Cost and Usage Report or of a Data Export: the files that together are the newest state of one period. */
export interface CurManifest {
  path: string;
  reportName: string;
  /** The assembly or execution that made the files. */
  version: string | null;
  /** `2026-08`, or null where the manifest does not say. */
  period: string | null;
  /** Keys in the bucket, without the bucket. */
  keys: readonly string[];
}

const fileEntry = z.union([
  z.string(),
  z.object({ path: z.string() }).transform((entry) => entry.path),
  z.object({ uri: z.string() }).transform((entry) => entry.uri),
]);

const manifestSchema = z.object({
  assemblyId: z.string().optional(),
  executionId: z.string().optional(),
  reportName: z.string().optional(),
  billingPeriod: z
    .union([z.string(), z.object({ start: z.string() }).transform((period) => period.start)])
    .optional()
    .catch(undefined),
  reportKeys: z.array(z.string()).optional(),
  dataFiles: z.array(fileEntry).optional(),
});

const manifestName = /^(.*)-manifest\.json$/i;

/** Reads every manifest of AWS among the files. JSON that names no files is somebody else's; text that is no JSON is refused. */
export async function readManifests(files: readonly ListedFile[], readText: ReadText): Promise<CurManifest[]> {
  const manifests: CurManifest[] = [];
  for (const { path } of files) {
    const reportName = manifestName.exec(path.split("/").at(-1)!)?.[1];
    if (reportName === undefined) continue;
    const parsed = manifestSchema.safeParse(parseJson(path, await readText(path)));
    const keys = parsed.data?.reportKeys ?? parsed.data?.dataFiles ?? [];
    if (!parsed.success || keys.length === 0) continue;
    const { assemblyId, executionId, billingPeriod } = parsed.data;
    manifests.push({
      path,
      reportName: parsed.data.reportName ?? reportName,
      version: assemblyId ?? executionId ?? null,
      period: billingPeriod === undefined ? null : (monthOf(billingPeriod) ?? null),
      keys: keys.map((key) => key.replace(/^s3:\/\/[^/]+\//, "").replace(/^\/+/, "")),
    });
  }
  return manifests;
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError("invalid", `The manifest ${path} is not JSON. Copy it from the bucket again.`, {
      internal: String(error),
    });
  }
}

/** `20260801T000000.000Z`, `2026-08-01T00:00:00Z` and `2026-08` are all August 2026. */
function monthOf(instant: string): string | undefined {
  const match = /^(\d{4})-?(\d{2})/.exec(instant);
  return match === null ? undefined : `${match[1]}-${match[2]}`;
}
