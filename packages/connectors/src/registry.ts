import { AppError } from "@finops/kernel/app-error";
import { planAwsDeliveries } from "./aws/delivery.ts";
import { awsFormats } from "./aws/formats.ts";
import { planAzureDeliveries } from "./azure/delivery.ts";
import { azureFormats } from "./azure/formats.ts";
import { csvWithoutMapping, customFormat } from "./csv/custom-format.ts";
import { csvFormats } from "./csv/formats.ts";
import type { Delivery, ListedFile, PlanDeliveries, ReadText } from "./delivery.ts";
import { focusFormats } from "./focus/formats.ts";
import type { BillFormat, BillHeader, Detection } from "./format.ts";
import { planGcpDeliveries } from "./gcp/delivery.ts";
import { gcpFormats } from "./gcp/formats.ts";
import { planOciDeliveries } from "./oci/delivery.ts";
import { ociFormats } from "./oci/formats.ts";
import { findSource } from "./raw-source.ts";
import { missingColumns } from "./render-mapping.ts";

const formats: readonly BillFormat[] = [
  ...awsFormats,
  ...azureFormats,
  ...gcpFormats,
  ...ociFormats,
  ...focusFormats,
  ...csvFormats,
  csvWithoutMapping,
];
const planners: readonly PlanDeliveries[] = [
  planAwsDeliveries,
  planAzureDeliveries,
  planGcpDeliveries,
  planOciDeliveries,
];

export function allFormats(): readonly BillFormat[] {
  return formats;
}

/** The format with that id. `definition` is a user's own column mapping, for `csv`. Throws `invalid` for an unknown id. */
export function getFormat(id: string, definition?: unknown): BillFormat {
  if (definition !== undefined && id === csvWithoutMapping.id) return customFormat(definition);
  const found = formats.find((format) => format.id === id);
  if (found === undefined)
    throw new AppError(
      "invalid",
      `"${id}" is no bill format. Known are ${formats.map((format) => format.id).join(", ")}.`,
    );
  return found;
}

export interface DetectOptions {
  /** What the user says that the file is: a format's id, or a connector such as `aws` to choose among its formats. */
  format?: string;
  /** A user's own column mapping; it is taken before all other formats, whether or not it is forced. */
  definition?: unknown;
  /** Constants for columns that the file lacks, by FOCUS column. Without it, columns that may be assumed are not missed. */
  assume?: Readonly<Record<string, string>>;
}

export interface DetectedFormat {
  format: BillFormat;
  detection: Detection;
  /** Other formats that recognised the file, the likeliest first. */
  runnersUp: readonly { format: BillFormat; detection: Detection }[];
}

/**
 * Says what bill a file is. Throws `invalid` with the columns that were found and the nearest formats with what they lack
 * where nothing fits, and with the missing columns where the user's own choice does not.
 */
export function detectFormat(header: BillHeader, options: DetectOptions = {}): DetectedFormat {
  const chosen = chosenFormat(options);
  if (chosen !== null) return forceFormat(chosen, header, options.assume);
  const candidates =
    options.format === undefined ? formats : formats.filter((format) => format.connector === options.format);
  const recognised = candidates
    .flatMap((format) => {
      const detection = format.detect(header);
      return detection === null ? [] : [{ format, detection }];
    })
    .toSorted((a, b) => b.detection.confidence - a.detection.confidence);
  const [best, ...runnersUp] = recognised;
  if (best === undefined) throw unknownBill(header, candidates, options.assume ?? {});
  return { ...best, runnersUp };
}

function chosenFormat(options: DetectOptions): BillFormat | null {
  if (options.definition !== undefined) return customFormat(options.definition);
  if (options.format === undefined) return null;
  // `focus` names both a format and a connector; the format is what people mean.
  const isConnector =
    formats.some((format) => format.connector === options.format) &&
    !formats.some((format) => format.id === options.format);
  return isConnector ? null : getFormat(options.format);
}

function forceFormat(format: BillFormat, header: BillHeader, assume: DetectOptions["assume"]): DetectedFormat {
  const missing = missingColumns(format.mapping(header), header.columns, assume ?? {});
  if (missing.some((column) => assume !== undefined || !column.includes("--assume"))) {
    const sentence = `${header.fileName} cannot be read as ${format.label}: it lacks ${missing.join(", ")}. It has ${columnList(header)}.`;
    throw new AppError("invalid", sentence, {
      facts: { file: header.fileName, format: format.id, missing, columns: header.columns.map(({ name }) => name) },
    });
  }
  return {
    format,
    detection: format.detect(header) ?? { confidence: 1, because: `Read as ${format.label}, as you asked.` },
    runnersUp: [],
  };
}

function unknownBill(
  header: BillHeader,
  candidates: readonly BillFormat[],
  assume: Readonly<Record<string, string>>,
): AppError {
  const nearest = nearestFormats(header, candidates, assume);
  const hints = nearest.map(({ format, missing }) =>
    missing.length === 0
      ? `${format.label} (${format.id}) could read it, if you say that it is one`
      : `${format.label} (${format.id}) would need ${shorten(missing)}`,
  );
  const hint = hints.length === 0 ? "No known bill has any of them." : `Nearest: ${hints.join("; ")}.`;
  const sentence = `${header.fileName} is no bill that is known. It has ${columnList(header)}. ${hint} A CSV of another vendor can be read with a mapping of your own.`;
  return new AppError("invalid", sentence, {
    facts: {
      file: header.fileName,
      columns: header.columns.map(({ name }) => name),
      nearest: nearest.map(({ format, missing }) => ({ format: format.id, missing })),
    },
  });
}

/** The three formats that know most of the file's columns, those first of whose required columns it has the largest part. */
function nearestFormats(
  header: BillHeader,
  candidates: readonly BillFormat[],
  assume: Readonly<Record<string, string>>,
): { format: BillFormat; missing: string[] }[] {
  return candidates
    .filter((format) => format !== csvWithoutMapping)
    .map((format) => {
      const mapping = format.mapping(header);
      // Columns that a format merely keeps say nothing of what it knows.
      const kept = new Set(Object.values(mapping.extras ?? {}));
      const inputs = Object.entries(mapping.inputs).filter(([name]) => !kept.has(name));
      const required = inputs.filter(([, input]) => input.required === true).length;
      const missing = missingColumns(mapping, header.columns, assume);
      const known = inputs.filter(([, input]) => findSource(input.names, header.columns) !== undefined).length;
      return { format, missing, known, part: (required - missing.length) / Math.max(required, 1) };
    })
    .filter(({ known }) => known > 0)
    .toSorted((a, b) => b.part - a.part || b.known - a.known)
    .slice(0, 3);
}

function columnList(header: BillHeader): string {
  if (header.columns.length === 0) return "no columns";
  return `the columns ${shorten(
    header.columns.map(({ name }) => name),
    12,
  )}`;
}

function shorten(names: readonly string[], shownMax = 5): string {
  return names.length <= shownMax
    ? names.join(", ")
    : `${names.slice(0, shownMax).join(", ")} and ${names.length - shownMax} more`;
}

export interface PlannedDeliveries {
  deliveries: readonly Delivery[];
  /** Paths that no provider's manifest or layout explains; they are grouped by their headers. */
  unclaimed: readonly string[];
}

/** Asks each provider's planner in turn; what one claims or sets aside, the next does not see. */
export async function planDeliveries(files: readonly ListedFile[], readText: ReadText): Promise<PlannedDeliveries> {
  const deliveries: Delivery[] = [];
  let left = files;
  for (const plan of planners) {
    const planned = await plan(left, readText);
    const claimed = new Set(
      planned.flatMap((delivery) => [...delivery.files, ...delivery.ignored].map((file) => file.path)),
    );
    left = left.filter((file) => !claimed.has(file.path));
    deliveries.push(...planned);
  }
  return { deliveries, unclaimed: left.map((file) => file.path) };
}
