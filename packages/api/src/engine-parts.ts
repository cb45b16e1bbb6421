import { createExporter, type ExportParts } from "@finops/capabilities/exports/on-node";
import { printer } from "@finops/capabilities/schedules/on-node";
import { createBillReader } from "@finops/capabilities/sources/on-node";
import type { EngineParts } from "./app.ts";

/** For hosts that run on Node: the pipeline's engine does what the API cannot do with the cost store alone. */
export function createEngineParts(parts: ExportParts): EngineParts {
  return { exporter: createExporter(parts), bills: createBillReader(parts.pipeline), printer };
}
