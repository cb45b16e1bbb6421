import { allFormats } from "@finops/connectors/registry";

/** A bill format as people know it. */
export interface FormatName {
  id: string;
  name: string;
  provider: string;
}

const providers = {
  aws: "Amazon Web Services",
  azure: "Microsoft Azure",
  gcp: "Google Cloud",
  oci: "Oracle Cloud",
  focus: "FOCUS",
  csv: "CSV",
} as const;

export function formatNames(): FormatName[] {
  return allFormats().map(({ id, label, connector }) => ({ id, name: label, provider: providers[connector] }));
}

/** A format's name for people; one that this version does not know any more is told by its id. */
export function formatName(id: string): string {
  return allFormats().find((format) => format.id === id)?.label ?? id;
}
