import type { BillFormat } from "../format.ts";
import { csvFormat } from "./custom-format.ts";
import { CsvDefinition } from "./definition.ts";
import { vendorDefinitions } from "./vendors.ts";

/** The ready-made definitions. A user's own definition of the same file wins over them. */
export const csvFormats: readonly BillFormat[] = Object.entries(vendorDefinitions).map(([id, definition]) =>
  csvFormat(id, CsvDefinition.parse(definition), 0.9),
);
