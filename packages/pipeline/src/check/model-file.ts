import { readFile } from "node:fs/promises";
import { AppError } from "@finops/kernel/app-error";
import { interpretModel } from "./interpret-model.ts";
import { knownCorrections } from "./known-corrections.ts";
import { modelVersion, parseModel, parsePatches } from "./model.ts";
import type { RuleSet } from "./rule.ts";

/**
 * The rules of an official model given as a file, with its defects corrected: by a second file where one is given,
 * else by the corrections known for that version.
 */
export async function modelRules(modelPath: string, patchesPath?: string): Promise<RuleSet> {
  const model = parseModel(await readJson(modelPath));
  const patches =
    patchesPath === undefined ? knownCorrections(modelVersion(model)) : parsePatches(await readJson(patchesPath));
  return interpretModel(model, patches);
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new AppError("not_found", `The file ${path} cannot be read. Check the path and the permissions.`, { cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("invalid", `The file ${path} is not JSON.`, { cause });
  }
}
