import type { Day } from "@finops/kernel/period";
import { capObservations, combine, type Observation } from "./combine.ts";
import type { AlertPreview, AlertRuleDefinition, Condition } from "./contract.ts";
import type { CostSeries } from "./cost-series.ts";
import { advance, isOpen, type Instant, type Life, type Patience, type Turn, unborn } from "./life.ts";
import { type BudgetFacts, observeBudgets } from "./observe-budgets.ts";
import { type CostCondition, type Finding, observeCosts } from "./observe-costs.ts";
import { type EventFacts, observeEvents } from "./observe-events.ts";
import { observeCredentials, observeImport, observeJobs, type OperationsFacts } from "./observe-operations.ts";

/** What there is to know on a day. */
export interface RuleFacts extends OperationsFacts {
  today: Day;
  covered: ReadonlySet<Day>;
  seriesOf: (condition: CostCondition) => CostSeries;
  budgets: readonly BudgetFacts[];
  events: EventFacts;
}

/** What a rule makes of the facts. `isWhole`: what is not among them is over, and not merely unknown. */
export function observeRule(
  { match, conditions }: Pick<AlertRuleDefinition, "match" | "conditions">,
  facts: RuleFacts,
): { observations: Observation[]; isWhole: boolean } {
  const found = conditions.map((condition) => observe(condition, facts));
  return { observations: combine(match, found), isWhole: found.every((findings) => findings !== null) };
}

function observe(condition: Condition, facts: RuleFacts): Finding[] | null {
  switch (condition.kind) {
    case "budget":
    case "budget-pace":
      return observeBudgets(condition, facts.budgets);
    case "failed-import":
      return facts.failedImport === undefined ? null : [observeImport(facts.failedImport)];
    case "failed-job":
      return facts.failedJobs === undefined ? null : observeJobs(facts.failedJobs);
    case "credential-expiring":
      return facts.credentials === undefined ? null : observeCredentials(condition, facts.today, facts.credentials);
    case "event":
      return observeEvents(condition, facts.today, facts.events);
    case "cost-above":
    case "cost-change":
    case "new-value":
    case "no-data":
    case "missing-days":
    case "anomaly":
      return observeCosts(condition, { ...facts, series: facts.seriesOf(condition) });
  }
}

/** An alert that there is or was, and what a look made of it. */
export interface Step {
  subject: string;
  /** Null where it is not among what was observed, and so is over. */
  observation: Observation | null;
  life: Life;
  turn: Turn | null;
}

/** One look at everything that a rule has told and would tell now: the steps of those that change or hold. */
export function look(
  lives: ReadonlyMap<string, Life>,
  { observations, isWhole }: ReturnType<typeof observeRule>,
  patience: Patience,
  at: Instant,
): Step[] {
  const shown = capObservations(observations, (subject) => {
    const life = lives.get(subject);
    return life !== undefined && isOpen(life);
  });
  const seen = new Set(shown.map(({ subject }) => subject));
  const gone = isWhole ? [...lives.keys()].filter((subject) => !seen.has(subject)) : [];
  return [
    ...shown.map((observation) => {
      const before = lives.get(observation.subject) ?? unborn;
      return { subject: observation.subject, observation, ...advance(before, observation.level, patience, at) };
    }),
    ...gone.map((subject) => ({
      subject,
      observation: null,
      ...advance(lives.get(subject) ?? unborn, "under", patience, at),
    })),
  ];
}

/**
 * When a rule would have fired on some days, one look a day at noon.
 * @param factsOn is waited for before each day, which is when others have their turn: a year of a thousand values takes a while
 */
export async function backtest(
  rule: Pick<AlertRuleDefinition, "match" | "conditions"> & Patience,
  days: readonly Day[],
  factsOn: (day: Day) => RuleFacts | Promise<RuleFacts>,
): Promise<AlertPreview["firings"]> {
  const lives = new Map<string, Life>();
  const firings: AlertPreview["firings"] = [];
  for (const day of days) {
    const at = { now: new Date(`${day}T12:00:00Z`), day };
    const facts = await factsOn(day);
    for (const { subject, observation, life, turn } of look(lives, observeRule(rule, facts), rule, at)) {
      lives.set(subject, life);
      if ((turn === "fired" || turn === "reopened") && observation !== null)
        firings.push({ day, subject, title: observation.title, message: observation.message });
    }
  }
  return firings.toReversed();
}
