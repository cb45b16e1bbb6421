import { detectFormat } from "@finops/connectors/registry";
import type { FileShape } from "../landing/read-header.ts";
import { readFileShape } from "../landing/read-header.ts";
import { headerOf } from "../normalize/normalize.ts";
import { openRawFiles } from "../normalize/raw-relation.ts";
import type { TaskTools } from "./engine-tasks.ts";
import { withEngine } from "./with-engine.ts";

export interface DetectInput {
  files: readonly { path: string; name: string }[];
  /** A format's id that the user forces. */
  format?: string;
  /** A user's own column mapping, as JSON. */
  definition?: unknown;
}

export interface DetectedFile {
  name: string;
  format: string;
  role: string;
  because: string;
  confidence: number;
  shape: FileShape;
}

export type DetectOutput = { detected: DetectedFile[]; failed: { name: string; message: string; code: string }[] };

/** Says of each file what bill it is, or why it is none. */
export function detectTask(input: DetectInput, tools: TaskTools): Promise<DetectOutput> {
  return withEngine(tools, async (engine) => {
    const output: DetectOutput = { detected: [], failed: [] };
    for (const [index, file] of input.files.entries()) {
      try {
        const shape = await readFileShape(file.path, file.name);
        const path = shape.kind === "csv" && shape.encoding !== "utf-8" ? null : file.path;
        const header =
          path === null
            ? {
                fileName: file.name,
                container: "csv" as const,
                columns: (shape as { columns: string[] }).columns.map((name) => ({ name, type: "VARCHAR" })),
                sample: [],
              }
            : await headerOf(
                engine,
                (await openRawFiles(engine, [{ index, name: file.name, path, shape, role: "" }]))[0]!,
              );
        const { format, detection } = detectFormat(header, {
          ...(input.format === undefined ? {} : { format: input.format }),
          ...(input.definition === undefined ? {} : { definition: input.definition }),
        });
        output.detected.push({
          name: file.name,
          format: format.id,
          role: detection.role ?? "",
          because: detection.because,
          confidence: detection.confidence,
          shape,
        });
      } catch (error) {
        const { message, code } = error as { message: string; code?: string };
        output.failed.push({ name: file.name, message, code: code ?? "internal" });
      }
    }
    return output;
  });
}
