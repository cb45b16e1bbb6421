import { AppError } from "@finops/kernel/app-error";
import * as z from "zod";
import type { BillFormat } from "../format.ts";
import { CsvDefinition } from "./definition.ts";
import { csvMapping } from "./csv-mapping.ts";

/**
 * The format of a user's own CSV, from a JSON document. Its id is `csv:` and the name in small letters.
 * Throws `invalid` with every fault of the document.
 */
export function customFormat(definition: unknown): BillFormat {
  const parsed = CsvDefinition.safeParse(definition);
  if (!parsed.success) throw new AppError("invalid", `The CSV mapping cannot be used. ${z.prettifyError(parsed.error)}`);
  return csvFormat(`csv:${parsed.data.name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")}`, parsed.data, 0.92);
}

/** `confidence` is for files that have all columns by which the definition is recognised, three at least. */
export function csvFormat(id: string, definition: CsvDefinition, confidence: number): BillFormat {
  const recognisedBy = definition.recognisedBy ?? Object.values(definition.columns).flatMap((source) => ("column" in source && source.optional !== true ? [source.column] : []));
  return {
    id,
    label: definition.name,
    connector: "csv",
    dataset: "costs",
    detect(header) {
      const names = new Set(header.columns.map((column) => column.name.replace(/^\uFEFF/, "").trim().toLowerCase()));
      const isThere = (column: string | readonly string[]) => [column].flat().some((candidate) => names.has(candidate.toLowerCase()));
      if (!recognisedBy.every(isThere)) return null;
      // Two columns such as Date and Amount stand in many files.
      return { confidence: recognisedBy.length >= 3 ? confidence : 0.5, because: `${definition.name}: it has ${recognisedBy.map((column) => [column].flat()[0]).join(", ")}.` };
    },
    mapping: (header) => csvMapping(definition, header),
  };
}
