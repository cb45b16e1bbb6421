import { readdirSync } from "node:fs";
import { join } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { layerRules, workerRules } from "./layer-rules.ts";

export interface LayersReport {
  modules: number;
  violations: { rule: string; from: string; to: string; comment: string }[];
  /** Source files that the cruise never saw: a rule cannot hold what it does not read. */
  unseen: string[];
}

const roots = ["shared", "packages", "apps"];

/** Reads every import below `baseDir` and holds it against the layer rules. */
export async function cruiseLayers(baseDir: string): Promise<LayersReport> {
  const files = roots.flatMap((root) => listSources(baseDir, root));
  const report = toReport(await cruiseWith(baseDir, files, layerRules, { areTypesImports: true }), files);
  const ofWorker = files.filter((file) => file.startsWith("apps/worker/src/"));
  if (ofWorker.length === 0) return report;
  const loaded = toReport(await cruiseWith(baseDir, ofWorker, workerRules, { areTypesImports: false }), ofWorker);
  return { ...report, violations: [...report.violations, ...loaded.violations] };
}

async function cruiseWith(
  baseDir: string,
  files: string[],
  forbidden: typeof layerRules,
  { areTypesImports }: { areTypesImports: boolean },
): Promise<ICruiseResult> {
  const { output } = await cruise(files, {
    baseDir,
    ruleSet: { forbidden },
    validate: true,
    tsPreCompilationDeps: areTypesImports,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "/generated/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["types", "import", "node", "default"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".json", ".css", ".d.ts"],
    },
  });
  if (typeof output === "string") throw new Error("dependency-cruiser answered with text instead of its result.");
  return output;
}

function toReport(result: ICruiseResult, files: string[]): LayersReport {
  const seen = new Set(result.modules.map((module) => module.source));
  const comments = new Map([...layerRules, ...workerRules].map((rule) => [rule.name, rule.comment ?? ""]));
  return {
    modules: files.filter((file) => seen.has(file)).length,
    violations: result.summary.violations.map((violation) => ({
      rule: violation.rule.name,
      from: violation.from,
      to: violation.to,
      comment: comments.get(violation.rule.name) ?? "",
    })),
    unseen: files.filter((file) => !seen.has(file)),
  };
}

const notSources = new Set(["node_modules", "generated", "dist", "test-results", "playwright-report"]);

function listSources(baseDir: string, folder: string): string[] {
  return readdirSync(join(baseDir, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return notSources.has(entry.name) ? [] : listSources(baseDir, path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}
