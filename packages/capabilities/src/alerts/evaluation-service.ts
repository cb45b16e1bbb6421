import { AppError } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import type { Day } from "@finops/kernel/period";
import { pinStore } from "@finops/pipeline/publish/publication-log";
import type { Tx } from "@finops/platform/db/database";
import { columnToDay, dayToColumn } from "@finops/platform/db/day-column";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import { askOf, listToldStandings, readMoment } from "../budgets/index.ts";
import { beginClimb, endClimb, recipientsOf } from "./climb-service.ts";
import { AlertRuleDefinition } from "./contract.ts";
import { lastWholeDay } from "./cost-series.ts";
import { look, observeRule, type RuleFacts, type Step } from "./evaluate.ts";
import { firstMorning, lateMornings } from "./late-days.ts";
import { type Instant, Life } from "./life.ts";
import { tellChannels, type Told } from "./outbox-service.ts";
import { readEvents } from "./read-events.ts";
import { readCostFacts } from "./read-facts.ts";
import { readOperations } from "./read-operations.ts";
import { changeInSlack } from "./slack-update-service.ts";
import { type AlertRow, type AlertRuleRow, keepAlert, keepEvent, listRules, lockAlerts, tellAlerts } from "./store.ts";

interface Seen {
  rule: AlertRuleRow;
  definition: AlertRuleDefinition;
  /** What was found on days that came late and today, the oldest first, or why nothing can be. */
  found: { day: Day; found: ReturnType<typeof observeRule> }[] | AppError;
  judgedUntil: Day | null;
}

/**
 * Looks at every rule of a company that is on, from one look at the publication log: keeps what became of its alerts, what
 * happened to them, and what channels are to tell, all in one transaction.
 */
export async function evaluateAlerts(
  ctx: Context,
  reader: CostReader,
  options: { signal?: AbortSignal } = {},
): Promise<{ rules: number; turns: number; position: string }> {
  const now = ctx.host.clock.now();
  const { pinned, rules, today, budgets, operations, events } = await ctx.inTenant(async (tx) => {
    const pin = await pinStore(tx, ctx.tenantId);
    const on = (await listRules(tx, { isOn: true })).map((rule) => ({
      rule,
      definition: AlertRuleDefinition.parse(rule.definition),
    }));
    const moment = await readMoment(tx, ctx.tenantId, now);
    const conditions = on.flatMap(({ definition }) => definition.conditions);
    return {
      pinned: pin,
      rules: on,
      today: moment.today,
      budgets: await listToldStandings(tx),
      operations: await readOperations(tx),
      events: await readEvents(tx, conditions, now, moment.today),
    };
  });
  const ask = askOf(ctx, reader, pinned, options);
  const seen: Seen[] = [];
  for (const { rule, definition } of rules) {
    const judgedUntil = rule.judgedUntil === null ? null : columnToDay(rule.judgedUntil);
    try {
      const first = firstMorning(definition.conditions, judgedUntil, today);
      // The same question of two rules is answered by the reader's cache.
      const costs = await readCostFacts(ask, definition.conditions, { first, last: today }, options.signal);
      const facts: RuleFacts = { ...costs, ...operations, today, budgets, events };
      const found = [...lateMornings(first, today, costs.covered), today].map((day) => ({
        day,
        found: observeRule(definition, { ...facts, today: day }),
      }));
      seen.push({ rule, definition, found, judgedUntil: lastWholeDay(costs.covered, today) ?? judgedUntil });
    } catch (error) {
      // What is wrong with one rule, such as a filter by a tag that is gone, says nothing of the others.
      if (!(error instanceof AppError)) throw error;
      seen.push({ rule, definition, found: error, judgedUntil });
    }
  }
  const turns = await ctx.inTenant(async (tx) => {
    await lockAlerts(tx, ctx.tenantId);
    let count = 0;
    for (const one of seen) count += await keepSeen(tx, ctx, one, { now, day: today, position: pinned.position });
    if (seen.length > 0) await tellAlerts(tx, ctx.tenantId);
    return count;
  });
  return { rules: seen.length, turns, position: pinned.position };
}

interface Look {
  now: Date;
  day: Day;
  position: string;
}

/** Who looked before something was published, and comes after who read that, changes nothing; nor does a rule changed meanwhile. */
async function keepSeen(
  tx: Tx,
  ctx: Context,
  { rule, definition, found, judgedUntil }: Seen,
  at: Look,
): Promise<number> {
  const { count } = await tx.alertRule.updateMany({
    where: {
      id: rule.id,
      version: rule.version,
      deletedAt: null,
      OR: [{ evaluatedPosition: null }, { evaluatedPosition: { lte: BigInt(at.position) } }],
    },
    data: {
      evaluatedDay: dayToColumn(at.day),
      evaluatedPosition: BigInt(at.position),
      judgedUntil: judgedUntil === null ? null : dayToColumn(judgedUntil),
      problem: found instanceof AppError ? found.message : null,
    },
  });
  if (count === 0 || found instanceof AppError) return 0;
  let turns = 0;
  for (const [index, one] of found.entries()) {
    // What began and ended on days that came together is told in that order.
    const now = new Date(at.now.getTime() + index + 1 - found.length);
    turns += await keepLook(tx, ctx, { rule, definition }, one.found, { now, day: one.day });
  }
  return turns;
}

async function keepLook(
  tx: Tx,
  ctx: Context,
  { rule, definition }: Pick<Seen, "rule" | "definition">,
  found: ReturnType<typeof observeRule>,
  at: Instant,
): Promise<number> {
  const rows = await tx.alert.findMany({ where: { ruleId: rule.id } });
  const kept = new Map(rows.map((row) => [row.subject, row]));
  const lives = new Map(rows.map((row) => [row.subject, Life.parse(row.life)]));
  const turned: Told[] = [];
  for (const step of look(lives, found, definition, at)) {
    const before = kept.get(step.subject);
    if (isNews(step, before)) turned.push(...(await keepStep(tx, rule, definition, step, before, at.now)));
  }
  const over = turned.filter(({ what }) => what === "resolved").map(({ id }) => id);
  await changeInSlack(tx, ctx, over);
  await tellChannels(tx, ctx, rule, definition, turned, at.now);
  return turned.length;
}

/** What neither holds nor was told of leaves nothing behind. */
function isNews({ observation, life }: Step, before: AlertRow | undefined): boolean {
  if (before === undefined) return life.state !== "waiting" || life.overDays > 0;
  return (
    JSON.stringify(Life.parse(before.life)) !== JSON.stringify(life) ||
    (observation !== null &&
      life.state !== "waiting" &&
      life.state !== "resolved" &&
      observation.message !== before.message)
  );
}

async function keepStep(
  tx: Tx,
  rule: AlertRuleRow,
  definition: AlertRuleDefinition,
  { subject, observation, life, turn }: Step,
  before: AlertRow | undefined,
  now: Date,
): Promise<Told[]> {
  const id = before?.id ?? newId(now.getTime());
  const title = observation?.title ?? before?.title ?? subject;
  const message = observation?.message ?? before?.message ?? "";
  await keepAlert(
    tx,
    { ruleId: rule.id, channelId: null },
    {
      id,
      subject,
      severity: definition.severity,
      title,
      message,
      filters: observation?.filters ?? (before?.filters as unknown[] | undefined) ?? [null],
      budgetId: observation?.budgetId ?? before?.budgetId ?? null,
      cause: observation?.cause ?? null,
      life,
    },
    now,
  );
  if (turn === null) return [];
  await keepEvent(tx, { alertId: id, what: turn, message, by: null }, now);
  const called = turn === "resolved" && before !== undefined ? recipientsOf(before) : [];
  if (turn === "resolved") await endClimb(tx, [id]);
  else await beginClimb(tx, definition, id, now);
  return [{ id, what: turn, title, message, picture: observation?.picture?.() ?? null, called }];
}
