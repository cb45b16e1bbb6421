import { detectFocusVersion } from "@finops/focus/versions";
import type { BillFormat, BillHeader, Detection } from "../format.ts";
import { canonicalNames, sampleOf } from "./focus-header.ts";
import { focusMapping, type Departures } from "./focus-mapping.ts";

/** A provider's own FOCUS export: how it is told from other FOCUS files, and where it departs from the specification. */
export interface FocusExport extends Departures {
  id: string;
  label: string;
  connector: BillFormat["connector"];
  /** How the provider calls itself in ProviderName or ServiceProviderName, in small letters. */
  providers: readonly string[];
  /** Columns that only this provider's exports have; two of them tell the file. */
  marks: readonly string[];
}

/** A FOCUS file of any provider and version. Below 0.6, so that a provider's own export wins where it is recognised. */
export const focusFormat: BillFormat = {
  id: "focus",
  label: "FOCUS 1.0 to 1.4",
  connector: "focus",
  dataset: "costs",
  detect(header) {
    const found = detectFocusVersion(canonicalNames(header));
    return found === null ? null : { confidence: 0.59, because: `A FOCUS ${found.version} file. ${found.reason}` };
  },
  mapping: (header) => focusMapping(header),
};

export function providerFocusFormat(source: FocusExport): BillFormat {
  return {
    id: source.id,
    label: source.label,
    connector: source.connector,
    dataset: "costs",
    detect: (header) => detectExport(source, header),
    mapping: (header) => focusMapping(header, source),
  };
}

function detectExport(source: FocusExport, header: BillHeader): Detection | null {
  const names = canonicalNames(header);
  const found = detectFocusVersion(names);
  const marks = source.marks.filter((mark) => names.some((name) => name.toLowerCase() === mark.toLowerCase()));
  if (found === null || marks.length < 2) return null;
  const providers = ["ProviderName", "ServiceProviderName", "Provider"].flatMap((id) => sampleOf(header, id));
  if (providers.length > 0 && !providers.some((name) => source.providers.includes(name.toLowerCase()))) return null;
  return {
    confidence: 0.95,
    because: `${source.label}: FOCUS ${found.version} with the columns ${marks.slice(0, 3).join(", ")}.`,
  };
}
