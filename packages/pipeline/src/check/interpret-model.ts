import type { Check } from "./check.ts";
import { all, any, columnsOf, empty, not } from "./check.ts";
import { modelVersion, type ModelPatches, type ModelRule, type RequirementsModel } from "./model.ts";
import { readRequirement, type Requirement, UnreadableRequirement } from "./read-requirement.ts";
import type { Rule, RuleSet, RuleTest } from "./rule.ts";

/**
 * Turns an official requirements model into rules. Nothing of FOCUS is known here but the model's own check functions, so
 * a later model runs without a change.
 *
 * - The condition of a composite holds for the rules below it ("When X is not null, …"); so do its applicability flags, and those of
 *   the rules that a rule depends on.
 * - A dependency that fails does not silence its dependents: their rows are tested one by one, and hiding what is wrong with
 *   them helps nobody.
 * - Rules of type, format and value are about cells that have a value; whether a cell may be empty is asked by others.
 * - Dynamic rules need knowledge from outside the file; they are listed and answered "not-checkable".
 */
export function interpretModel(model: RequirementsModel, patches: ModelPatches = { patches: [] }): RuleSet {
  const { rules: modelRules, skipped } = applyPatches(model, patches);
  const version = modelVersion(model);
  const parents = parentsOf(modelRules);
  const rules = [...modelRules]
    .filter(([, rule]) => rule.Status === "Active")
    .map(([ruleId, rule]): Rule => {
      const test = readTest(ruleId, rule, modelRules, parents, skipped);
      return {
        ruleId,
        column: rule.EntityType === "Attribute" ? null : (rule.Reference ?? null),
        keyword: rule.ValidationCriteria.Keyword,
        sentence: rule.ValidationCriteria.MustSatisfy,
        flags: flagsOf(ruleId, modelRules, parents),
        test,
      };
    });
  return { name: `requirements model ${model.Details.ModelVersion ?? version}`, select: () => ({ version, rules }) };
}

type ModelRules = ReadonlyMap<string, ModelRule>;
type Parents = ReadonlyMap<string, readonly string[]>;

function applyPatches(
  model: RequirementsModel,
  patches: ModelPatches,
): { rules: ModelRules; skipped: ReadonlyMap<string, string> } {
  const rules = new Map(Object.entries(model.ModelRules));
  const skipped = new Map<string, string>();
  for (const patch of patches.patches) {
    const rule = rules.get(patch.ruleId);
    if (rule === undefined) continue;
    if (patch.skip === true) skipped.set(patch.ruleId, patch.problem);
    rules.set(patch.ruleId, { ...rule, ValidationCriteria: { ...rule.ValidationCriteria, ...patch.set } });
  }
  return { rules, skipped };
}

function readTest(
  ruleId: string,
  rule: ModelRule,
  rules: ModelRules,
  parents: Parents,
  skipped: ReadonlyMap<string, string>,
): RuleTest {
  const problem = skipped.get(ruleId);
  if (problem !== undefined) return { kind: "none", why: `Left out by a correction: ${problem}` };
  if (rule.Type !== "Static")
    return { kind: "none", why: "The rule is dynamic: it needs knowledge from outside the file." };
  if (rule.Function === "Composite") return compositeOf(rule);
  try {
    const requirement = readRequirement(rule.ValidationCriteria.Requirement, (id) =>
      rowCheck(id, rules, skipped, new Set([ruleId])),
    );
    if (requirement.kind !== "rows") return requirement;
    return rowsTest(rule, requirement, conditionsAbove(ruleId, rules, parents));
  } catch (error) {
    if (error instanceof UnreadableRequirement) return { kind: "none", why: error.message };
    throw error;
  }
}

function rowsTest(rule: ModelRule, requirement: Extract<Requirement, { kind: "rows" }>, above: Check | null): RuleTest {
  const own = readCondition(rule);
  const about = rule.Reference ?? "";
  // "MUST be one of the allowed values" says nothing of empty cells, unless the demand itself is about emptiness.
  const guard =
    rule.Function !== "Nullability" &&
    columnsOf(requirement.must).includes(about) &&
    !asksForEmpty(rule.ValidationCriteria.Requirement)
      ? not(empty(about))
      : null;
  const conditions = [above, own, guard].filter((condition) => condition !== null);
  return { kind: "rows", when: conditions.length === 0 ? null : all(...conditions), must: requirement.must };
}

/** A composite's answer follows from the rules that it names. */
function compositeOf(rule: ModelRule): RuleTest {
  const requirement = rule.ValidationCriteria.Requirement;
  const items = itemsOf(requirement).flatMap((item) =>
    typeof item["ModelRuleId"] === "string" ? [item["ModelRuleId"]] : [],
  );
  return { kind: "composite", mode: requirement["CheckFunction"] === "OR" ? "any" : "all", items };
}

/** The demand of a rule on one row, as other rules refer to it: its condition does not hold, or its requirement does. */
function rowCheck(ruleId: string, rules: ModelRules, skipped: ReadonlyMap<string, string>, seen: Set<string>): Check {
  const rule = rules.get(ruleId);
  if (rule === undefined)
    throw new UnreadableRequirement(`It refers to the rule ${ruleId}, which the model does not have.`);
  // A rule that cannot be tested, or that refers to itself, leaves every row alone.
  if (skipped.has(ruleId) || rule.Type !== "Static" || seen.has(ruleId)) return all();
  const requirement = readRequirement(rule.ValidationCriteria.Requirement, (id) =>
    rowCheck(id, rules, skipped, new Set([...seen, ruleId])),
  );
  if (requirement.kind !== "rows") return all();
  const condition = readCondition(rule);
  return condition === null ? requirement.must : any(not(condition), requirement.must);
}

function readCondition(rule: ModelRule): Check | null {
  const condition = rule.ValidationCriteria.Condition;
  if (Object.keys(condition).length === 0) return null;
  const read = readRequirement(condition, () => {
    throw new UnreadableRequirement("A condition cannot refer to another rule.");
  });
  if (read.kind !== "rows") throw new UnreadableRequirement("Its condition is not about rows.");
  return read.must;
}

/** The conditions of the composites above a rule: all of one path, and any of the paths. Null where one path has none. */
function conditionsAbove(
  ruleId: string,
  rules: ModelRules,
  parents: Parents,
  seen: ReadonlySet<string> = new Set(),
): Check | null {
  const paths = (parents.get(ruleId) ?? [])
    .filter((parent) => !seen.has(parent))
    .map((parent) => {
      const rule = rules.get(parent);
      const own = rule === undefined ? null : readCondition(rule);
      const above = conditionsAbove(parent, rules, parents, new Set([...seen, ruleId]));
      return own === null || above === null ? (own ?? above) : all(above, own);
    });
  const conditions = paths.filter((path) => path !== null);
  return conditions.length === 0 || conditions.length < paths.length ? null : any(...conditions);
}

function flagsOf(ruleId: string, rules: ModelRules, parents: Parents): string[] {
  const flags = new Set<string>();
  const collectAbove = (id: string, seen: ReadonlySet<string>): void => {
    for (const flag of rules.get(id)?.ApplicabilityCriteria ?? []) flags.add(flag);
    for (const parent of parents.get(id) ?? []) if (!seen.has(parent)) collectAbove(parent, new Set([...seen, id]));
  };
  collectAbove(ruleId, new Set());
  const rule = rules.get(ruleId);
  // A composite lists its own parts as dependencies; only the parts' own flags decide there.
  if (rule !== undefined && rule.Function !== "Composite") {
    for (const dependency of rule.ValidationCriteria.Dependencies) collectAbove(dependency, new Set());
  }
  return [...flags];
}

function parentsOf(rules: ModelRules): Parents {
  const parents = new Map<string, string[]>();
  for (const [ruleId, rule] of rules) {
    if (rule.Function !== "Composite") continue;
    for (const child of referencedRules(rule.ValidationCriteria.Requirement))
      parents.set(child, [...(parents.get(child) ?? []), ruleId]);
  }
  return parents;
}

function referencedRules(requirement: Record<string, unknown>): string[] {
  const own = requirement["ModelRuleId"];
  return [...(typeof own === "string" ? [own] : []), ...itemsOf(requirement).flatMap(referencedRules)];
}

function itemsOf(requirement: Record<string, unknown>): Record<string, unknown>[] {
  const items = requirement["Items"];
  return Array.isArray(items)
    ? items.filter((item): item is Record<string, unknown> => typeof item === "object" && item !== null)
    : [];
}

function asksForEmpty(requirement: Record<string, unknown>): boolean {
  return requirement["Value"] === null || itemsOf(requirement).some(asksForEmpty);
}
