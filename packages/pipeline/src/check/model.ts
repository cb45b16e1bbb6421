import { AppError } from "@finops/kernel/app-error";
import * as z from "zod";

/** A requirements model as the FinOps Foundation publishes it; the parts that a check needs. */
const ModelSchema = z.object({
  Details: z.object({ FOCUSVersion: z.string().optional(), ModelVersion: z.string().optional() }).default({}),
  ModelRules: z.record(
    z.string(),
    z.object({
      Function: z.string(),
      Reference: z.string().nullish(),
      EntityType: z.string(),
      Status: z.string().default("Active"),
      ApplicabilityCriteria: z.array(z.string()).default([]),
      Type: z.string(),
      ValidationCriteria: z.object({
        MustSatisfy: z.string(),
        Keyword: z.enum(["MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "RECOMMENDED", "MAY"]),
        Requirement: z.record(z.string(), z.unknown()).default({}),
        Condition: z.record(z.string(), z.unknown()).default({}),
        Dependencies: z.array(z.string()).default([]),
      }),
    }),
  ),
});

/** Corrections to known defects of a model: keys of its criteria to replace, or a rule not to run. */
const PatchesSchema = z.object({
  patches: z.array(
    z.object({
      ruleId: z.string(),
      problem: z.string(),
      set: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
      skip: z.boolean().optional(),
    }),
  ),
});

export type RequirementsModel = z.infer<typeof ModelSchema>;
export type ModelRule = RequirementsModel["ModelRules"][string];
export type ModelPatches = z.infer<typeof PatchesSchema>;

/** Reads a requirements model from parsed JSON. Throws `invalid` with the first thing that is not as it should be. */
export function parseModel(json: unknown): RequirementsModel {
  return parse(ModelSchema, json, "This is no FOCUS requirements model");
}

export function parsePatches(json: unknown): ModelPatches {
  return parse(PatchesSchema, json, "This is no file of corrections to a requirements model");
}

/** The version of FOCUS that a model is of. */
export function modelVersion(model: RequirementsModel): string {
  return model.Details.FOCUSVersion ?? model.Details.ModelVersion ?? "unknown";
}

function parse<T>(schema: z.ZodType<T>, json: unknown, problem: string): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError("invalid", `${problem}: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`.trim());
}
