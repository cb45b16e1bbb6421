import type { FocusVersion } from "./column.ts";
import { focusVersions } from "./column.ts";
import { focusColumns } from "./columns.ts";

/** Columns that tell a FOCUS Cost and Usage file from any other bill. Three suffice: worked examples leave some out. */
const signature = ["BilledCost", "EffectiveCost", "ChargeCategory", "ChargePeriodStart"] as const;

/** Names of the preview before 1.0, which 1.0 renamed or removed. */
const previewNames = [
  "AmortizedCost",
  "ChargeType",
  "ChargeSubcategory",
  "Region",
  "UsageQuantity",
  "UsageUnit",
] as const;

export interface DetectedVersion {
  readonly version: FocusVersion;
  /** A sentence that names the columns on which the answer rests. */
  readonly reason: string;
}

/**
 * Tells the version of a FOCUS Cost and Usage header, or null where it is no such header.
 * It is the oldest version that explains every column. A file of 1.2 whose provider leaves out everything conditional
 * is the same as one of 1.0, so it is called 1.0; nothing depends on the difference. 1.0r2 has 1.0's columns.
 */
export function detectFocusVersion(header: readonly string[]): DetectedVersion | null {
  const names = new Set(header.map((name) => name.replace(/^\uFEFF/, "").trim()));
  if (signature.filter((id) => names.has(id)).length < 3) return null;

  for (const version of [...focusVersions].reverse()) {
    const evidence = version === "1.0" ? [] : addedIn(version).filter((id) => names.has(id));
    if (evidence.length === 0) continue;
    if (version === "1.3" && !names.has("ProviderName") && !names.has("PublisherName")) {
      return {
        version: "1.4",
        reason: `It has ${list(evidence)}, added in 1.3, and neither ProviderName nor PublisherName, which 1.4 removed.`,
      };
    }
    return {
      version,
      reason: `It has ${list(evidence)}, added in ${version}, and nothing that a later version added.`,
    };
  }

  const preview = previewNames.filter((name) => names.has(name));
  if (preview.length > 0) {
    return {
      version: "1.0",
      reason: `It has ${list(preview)} of the preview before 1.0; it is read as 1.0 with those columns renamed.`,
    };
  }
  return { version: "1.0", reason: "It has the columns of 1.0 and none that a later version added." };
}

function addedIn(version: FocusVersion): string[] {
  return focusColumns.filter((column) => column.since === version).map((column) => column.id);
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more columns` : shown;
}
