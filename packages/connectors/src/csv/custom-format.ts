import { AppError } from "@finops/kernel/app-error";
import * as z from "zod";
import type { BillFormat } from "../format.ts";
import { CsvDefinition } from "./definition.ts";
import { csvMapping } from "./csv-mapping.ts";

/** The format of a user's own CSV, from a JSON document. Throws `invalid` with every fault of the document. */
export function customFormat(definition: unknown): BillFormat {
  const parsed = CsvDefinition.safeParse(definition);
  if (!parsed.success)
    throw new AppError("invalid", `The CSV mapping cannot be used. ${z.prettifyError(parsed.error)}`);
  return csvFormat("csv", parsed.data, 0.92);
}

/** A CSV before its mapping is known: it recognises nothing, and cannot be read without one. */
export const csvWithoutMapping: BillFormat = {
  id: "csv",
  label: "CSV with a mapping of its own",
  connector: "csv",
  dataset: "costs",
  detect: () => null,
  mapping() {
    throw new AppError(
      "invalid",
      "A CSV of your own needs a mapping: a JSON document that says at least which column is BilledCost and which is the date.",
    );
  },
};

/** `confidence` is for files that have all columns by which the definition is recognised, three at least. */
export function csvFormat(id: string, definition: CsvDefinition, confidence: number): BillFormat {
  const recognisedBy =
    definition.recognisedBy ??
    Object.values(definition.columns).flatMap((source) =>
      "column" in source && source.optional !== true ? [source.column] : [],
    );
  return {
    id,
    label: definition.name,
    connector: "csv",
    dataset: "costs",
    detect(header) {
      const names = new Set(
        header.columns.map((column) =>
          column.name
            .replace(/^\uFEFF/, "")
            .trim()
            .toLowerCase(),
        ),
      );
      const isThere = (column: string | readonly string[]) =>
        [column].flat().some((candidate) => names.has(candidate.toLowerCase()));
      if (!recognisedBy.every(isThere)) return null;
      // Two columns such as Date and Amount stand in many files.
      return {
        confidence: recognisedBy.length >= 3 ? confidence : 0.5,
        because: `${definition.name}: it has ${recognisedBy.map((column) => [column].flat()[0]).join(", ")}.`,
      };
    },
    mapping: (header) => csvMapping(definition, header),
  };
}
