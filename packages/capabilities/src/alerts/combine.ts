import { type Decimal, sum } from "@finops/kernel/decimal";
import type { Period } from "@finops/kernel/period";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import type { AlertRuleDefinition } from "./contract.ts";
import type { Level } from "./life.ts";
import type { Finding } from "./observe-costs.ts";
import type { AlertPicture } from "./picture.ts";

/** What an alert of a rule is made of, or ended by. */
export interface Observation {
  subject: string;
  title: string;
  message: string;
  level: Level;
  /** All the costs that it tells of: who sees all of them sees it. */
  filters: readonly (CostFilter | null)[];
  weight: Decimal;
  budgetId: string | null;
  cause: Period | null;
  picture: (() => AlertPicture) | null;
}

/** So many alerts of one rule are told one by one; the others become one. */
export const alertsPerRuleMax = 100;
const toldMax = 5;

/**
 * What a rule's conditions found, as it is told. `any` tells each thing by itself, `all` tells of the rule while each condition
 * holds for something. `found` has the findings of each condition, null where nobody can tell.
 */
export function combine(
  match: AlertRuleDefinition["match"],
  found: readonly (readonly Finding[] | null)[],
): Observation[] {
  const all = found.flatMap((findings) => findings ?? []);
  if (match === "any") return all.map(toObservation);
  const levels = found.map(strongest);
  const over = all.filter(({ level }) => level === "over");
  const told = over.length > 0 ? over : all;
  return [
    {
      subject: "all",
      title: [...new Set(told.map(({ title }) => title))].slice(0, toldMax).join(", "),
      message: sentences(told),
      level: weakest(levels),
      filters: all.map(({ filter }) => filter),
      weight: sum(over.map(({ weight }) => weight)),
      budgetId: told.find(({ budgetId }) => budgetId !== undefined)?.budgetId ?? null,
      cause: told.find(({ cause }) => cause !== undefined)?.cause ?? null,
      picture: told.find(({ picture }) => picture !== undefined)?.picture ?? null,
    },
  ];
}

/**
 * At most so many observations that hold: those that are told already, then the heaviest. What is left out is told as one, so that
 * a rule that holds for everything floods nobody.
 */
export function capObservations(all: readonly Observation[], isTold: (subject: string) => boolean): Observation[] {
  const over = all.filter(({ level }) => level === "over");
  if (over.length <= alertsPerRuleMax) return [...all];
  const ordered = over.toSorted(
    (a, b) => Number(isTold(b.subject)) - Number(isTold(a.subject)) || b.weight.comparedTo(a.weight),
  );
  const kept = new Set(ordered.slice(0, alertsPerRuleMax));
  const rest = ordered.slice(alertsPerRuleMax);
  return [
    ...all.filter((one) => one.level !== "over" || kept.has(one)),
    {
      subject: "rest",
      title: `${rest.length} more`,
      message: `The rule holds for ${over.length} things at once. ${alertsPerRuleMax} are told one by one; these are ${rest.length} more. Make its threshold higher or its filter narrower.`,
      level: "over",
      filters: rest.flatMap(({ filters }) => filters),
      weight: sum(rest.map(({ weight }) => weight)),
      budgetId: null,
      cause: null,
      picture: null,
    },
  ];
}

function toObservation({ budgetId, cause, picture, filter, ...rest }: Finding): Observation {
  return { ...rest, filters: [filter], budgetId: budgetId ?? null, cause: cause ?? null, picture: picture ?? null };
}

const order: readonly Level[] = ["under", "unknown", "between", "over"];

/** Of what one condition found: it holds if it holds for something. */
function strongest(findings: readonly Finding[] | null): Level {
  if (findings === null) return "unknown";
  return findings.reduce<Level>(
    (best, { level }) => (order.indexOf(level) > order.indexOf(best) ? level : best),
    "under",
  );
}

/** Of all conditions: one that does not hold ends it. */
function weakest(levels: readonly Level[]): Level {
  return levels.reduce<Level>((worst, level) => (order.indexOf(level) < order.indexOf(worst) ? level : worst), "over");
}

function sentences(findings: readonly Finding[]): string {
  const told = findings.slice(0, toldMax).map(({ message }) => message);
  const more = findings.length - told.length;
  return [...told, ...(more > 0 ? [`And ${more} more.`] : [])].join(" ");
}
