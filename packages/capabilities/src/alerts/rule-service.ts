import { AppError } from "@finops/kernel/app-error";
import { parseDecimal } from "@finops/kernel/decimal";
import type { Day } from "@finops/kernel/period";
import { checkTimeZone } from "@finops/kernel/wall-clock";
import { pinPublished } from "@finops/pipeline/publish/pin-published";
import { requirePermission } from "@finops/platform/access/require-permission";
import { audit } from "@finops/platform/audit/audit";
import type { Tx } from "@finops/platform/db/database";
import { columnToDay } from "@finops/platform/db/day-column";
import { toJsonColumn } from "@finops/platform/db/json-column";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostFilter } from "@finops/warehouse/query/cost-query";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import type { ReadOptions } from "@finops/warehouse/query/cost-store";
import { dimensionsOf } from "@finops/warehouse/query/filter-matches";
import { askOf, listBudgets, readMoment, readStandingsOn } from "../budgets/index.ts";
import { filtersOf, reaches } from "./alert-access.ts";
import { findChain } from "./chain-service.ts";
import {
  type AlertPreview,
  AlertPreviewInput,
  type AlertRule,
  AlertRuleChange,
  AlertRuleDefinition,
  AlertRuleInput,
  type Condition,
} from "./contract.ts";
import { daysUntil } from "./cost-series.ts";
import { endAlertsOf } from "./end-rule-service.ts";
import { backtest } from "./evaluate.ts";
import { listCredentials } from "./read-operations.ts";
import { readEvents } from "./read-events.ts";
import { readCostFacts } from "./read-facts.ts";
import {
  type AlertRuleRow,
  askForAlerts,
  countOpen,
  findRule,
  insertRule,
  listRules,
  lockAlerts,
  type RuleDraft,
  tellAlerts,
  updateRule,
} from "./store.ts";
import { timesWords } from "./words.ts";

const rulesMax = 200;
/** So many budgets are looked at on earlier days. */
const budgetsTriedMax = 20;
const firingsMax = 500;

/** The rules that tell of costs which the person may see, by name. */
export async function listAlertRules(ctx: Context): Promise<AlertRule[]> {
  requirePermission(ctx, "alerts:read");
  return ctx.inTenant(async (tx) => {
    const budgets = await budgetFilters(tx);
    const open = await countOpen(tx);
    return (await listRules(tx))
      .filter((row) => maySee(ctx, row, budgets))
      .map((row) => toRule(ctx, row, budgets, open.get(row.id) ?? 0));
  });
}

/** Throws `not_found` for a rule of costs that the person may not see. */
export async function getAlertRule(ctx: Context, id: string): Promise<AlertRule> {
  requirePermission(ctx, "alerts:read");
  return ctx.inTenant((tx) => readRule(tx, ctx, id));
}

export async function createAlertRule(ctx: Context, input: unknown): Promise<AlertRule> {
  requirePermission(ctx, "alerts:write");
  const { name, ...definition } = AlertRuleInput.parse(input);
  return ctx.inTenant(async (tx) => {
    await lockAlerts(tx, ctx.tenantId);
    if ((await tx.alertRule.count({ where: { deletedAt: null } })) >= rulesMax)
      throw new AppError("limit", `A company keeps at most ${rulesMax} rules. Delete some that tell nobody anything.`);
    const draft = { name, definition };
    await checkDraft(tx, ctx, draft);
    const id = await insertRule(tx, draft, ctx.actor, ctx.host.clock.now());
    await askForAlerts(tx, ctx.tenantId);
    await audit(tx, ctx, "alert-rule.created", { after: toJsonColumn({ id, ...draft }) });
    await tellAlerts(tx, ctx.tenantId);
    return readRule(tx, ctx, id);
  });
}

/** One that is switched off ends its alerts. Throws `conflict` when somebody was faster. */
export async function changeAlertRule(ctx: Context, id: string, input: unknown): Promise<AlertRule> {
  requirePermission(ctx, "alerts:write");
  const { name, version, ...definition } = AlertRuleChange.parse(input);
  return ctx.inTenant(async (tx) => {
    await lockAlerts(tx, ctx.tenantId);
    const before = await requireOwnRule(tx, ctx, id, version);
    const draft = { name, definition };
    await checkDraft(tx, ctx, draft);
    const now = ctx.host.clock.now();
    if (!(await updateRule(tx, { id, version }, draft, ctx.actor, now))) throw overtaken(before);
    if (!definition.isOn) await endAlertsOf(tx, ctx, before, "its rule was switched off.", now);
    await askForAlerts(tx, ctx.tenantId);
    await audit(tx, ctx, "alert-rule.changed", {
      before: toJsonColumn({ id, name: before.name, definition: before.definition }),
      after: toJsonColumn({ id, ...draft }),
    });
    await tellAlerts(tx, ctx.tenantId);
    return readRule(tx, ctx, id);
  });
}

/** Takes a rule out of sight, and ends its alerts: nobody looks at what they tell of any more. */
export async function deleteAlertRule(ctx: Context, id: string, version: number): Promise<AlertRule> {
  requirePermission(ctx, "alerts:write");
  return ctx.inTenant(async (tx) => {
    await lockAlerts(tx, ctx.tenantId);
    const before = await requireOwnRule(tx, ctx, id, version);
    const rule = await readRule(tx, ctx, id);
    const now = ctx.host.clock.now();
    await endAlertsOf(tx, ctx, before, "its rule was deleted.", now);
    await tx.alertRule.updateMany({ where: { id }, data: { deletedAt: now } });
    await audit(tx, ctx, "alert-rule.deleted", { before: { id, name: rule.name, version } });
    await tellAlerts(tx, ctx.tenantId);
    return rule;
  });
}

/** When a rule would have fired on the last days, told of the costs as they are published now. */
export async function previewAlertRule(
  ctx: Context,
  reader: CostReader,
  input: unknown,
  options: ReadOptions = {},
): Promise<AlertPreview> {
  requirePermission(ctx, "costs:read");
  requirePermission(ctx, "alerts:read");
  const { days, ...rule } = AlertPreviewInput.parse(input);
  const now = ctx.host.clock.now();
  const { moment, budgets, credentials, events } = await ctx.inTenant(async (tx) => {
    for (const condition of rule.conditions) checkCondition(condition);
    const all = await listBudgets(tx);
    const filters = new Map(all.map(({ id, definition }) => [id, definition.filter]));
    checkBudgets(ctx, rule.conditions, filters);
    const moment = await readMoment(tx, ctx.tenantId, now);
    return {
      moment,
      budgets: all,
      credentials: await listCredentials(tx),
      events: await readEvents(tx, rule.conditions, now, moment.today),
    };
  });
  const pinned = await pinPublished(ctx);
  const ask = askOf(ctx, reader, pinned, options);
  const told = daysUntil(moment.today, days);
  const [first, last] = [told[0]!, told.at(-1)!];
  const costs = await readCostFacts(ask, rule.conditions, { first, last }, options.signal);
  const wanted = budgetsOf(rule.conditions, budgets);
  const tried = wanted.slice(0, budgetsTriedMax);
  const standings = await readStandingsOn(ask, { budgets: tried, all: budgets }, told, moment.fiscalYearStart);
  const firings = await backtest(rule, told, async (today) => {
    // A year of a thousand values takes a minute, in which a server answers others as well.
    await new Promise((resolve) => setTimeout(resolve, 0));
    options.signal?.throwIfAborted();
    return {
      ...costs,
      today,
      budgets: standings.get(today) ?? [],
      failedImport: undefined,
      failedJobs: undefined,
      credentials,
      events,
    };
  });
  return {
    sentence: sentenceOf(firings.length, days, firings[0]?.day ?? null),
    count: firings.length,
    firings: firings.slice(0, firingsMax),
    notTold: [
      ...(rule.conditions.some(({ kind }) => kind === "failed-import" || kind === "failed-job")
        ? ["What had failed on earlier days is not looked at."]
        : []),
      ...(rule.conditions.some(({ kind }) => kind === "event")
        ? ["What waited on earlier days and does not any more is not looked at."]
        : []),
      ...(wanted.length > tried.length
        ? [`Of ${wanted.length} budgets, the first ${tried.length} by name are looked at.`]
        : []),
    ],
    position: pinned.position,
  };
}

function sentenceOf(count: number, days: number, last: Day | null): string {
  if (count === 0 || last === null) return `It would not have fired in the last ${days} days.`;
  const capped = count > firingsMax ? ` That is more than anybody reads: make its threshold higher.` : "";
  return `It would have fired ${timesWords(count)} in the last ${days} days, the last time on ${last}.${capped}`;
}

function budgetsOf<B extends { id: string; name: string }>(
  conditions: readonly Condition[],
  budgets: readonly B[],
): B[] {
  const about = conditions.flatMap((one) =>
    one.kind === "budget" || one.kind === "budget-pace" ? [one.budgetId] : [],
  );
  return budgets
    .filter(({ id }) => about.includes(null) || about.includes(id))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function budgetFilters(tx: Tx): Promise<ReadonlyMap<string, CostFilter | null>> {
  return new Map((await listBudgets(tx)).map(({ id, definition }) => [id, definition.filter]));
}

async function readRule(tx: Tx, ctx: Context, id: string): Promise<AlertRule> {
  const budgets = await budgetFilters(tx);
  const row = await findRule(tx, id);
  if (row === null || !maySee(ctx, row, budgets)) throw new AppError("not_found", "There is no such rule.");
  return toRule(ctx, row, budgets, (await countOpen(tx)).get(id) ?? 0);
}

/** A rule that the person may change, at the version that they saw. */
async function requireOwnRule(tx: Tx, ctx: Context, id: string, version: number): Promise<AlertRuleRow> {
  const row = await findRule(tx, id);
  const budgets = await budgetFilters(tx);
  if (row === null || !maySee(ctx, row, budgets)) throw new AppError("not_found", "There is no such rule.");
  requireReach(ctx, AlertRuleDefinition.parse(row.definition), budgets);
  if (row.version !== version) throw overtaken(row);
  return row;
}

/** What is wrong with a rule, as far as it takes the rest of the company to tell. Throws `invalid` or `forbidden`. */
async function checkDraft(tx: Tx, ctx: Context, { definition }: RuleDraft): Promise<void> {
  for (const condition of definition.conditions) checkCondition(condition);
  if (definition.quietHours !== null) {
    checkTimeZone(definition.quietHours.timeZone, "quietHours.timeZone");
    // Nobody knows whether that is the whole day or no time at all.
    if (definition.quietHours.from === definition.quietHours.to)
      throw new AppError("invalid", "quietHours.to: Quiet hours end at another time than they begin.");
  }
  const budgets = await budgetFilters(tx);
  checkBudgets(ctx, definition.conditions, budgets);
  requireReach(ctx, definition, budgets);
  const channels = await tx.alertChannel.findMany({ where: { deletedAt: null }, select: { id: true } });
  for (const id of definition.channelIds)
    if (!channels.some((channel) => channel.id === id))
      throw new AppError("invalid", "channelIds: There is no such channel in the company.");
  if (definition.escalationId !== null && (await findChain(tx, definition.escalationId)) === null)
    throw new AppError("invalid", "escalationId: There is no such chain in the company.");
}

function checkCondition(condition: Condition): void {
  if ("filter" in condition && condition.filter !== null) dimensionsOf(condition.filter);
  if (
    "clearAt" in condition &&
    condition.clearAt !== null &&
    parseDecimal(condition.clearAt).greaterThan(condition.above)
  )
    throw new AppError("invalid", "clearAt: An alert clears at its threshold or below it.");
}

/** A budget that the person does not see is to them as one that there is not. */
function checkBudgets(
  ctx: Context,
  conditions: readonly Condition[],
  budgets: ReadonlyMap<string, CostFilter | null>,
): void {
  for (const condition of conditions) {
    if (condition.kind !== "budget" && condition.kind !== "budget-pace") continue;
    const { budgetId } = condition;
    if (budgetId === null) {
      if (reaches(ctx, "alerts:read", [null])) continue;
      throw new AppError("forbidden", "Only who sees all costs watches every budget. Choose one of yours.");
    }
    const filter = budgets.get(budgetId);
    if (filter === undefined || !reaches(ctx, "alerts:read", [filter]))
      throw new AppError("invalid", "budgetId: There is no such budget.");
  }
}

function requireReach(
  ctx: Context,
  definition: AlertRuleDefinition,
  budgets: ReadonlyMap<string, CostFilter | null>,
): void {
  if (reaches(ctx, "alerts:write", filtersOf(definition, budgets))) return;
  throw new AppError(
    "forbidden",
    "This rule is about costs beyond those that you may make rules for. Filter each condition to your part of the costs.",
    { facts: { permission: "alerts:write" } },
  );
}

function maySee(ctx: Context, { definition }: AlertRuleRow, budgets: ReadonlyMap<string, CostFilter | null>): boolean {
  return reaches(ctx, "alerts:read", filtersOf(AlertRuleDefinition.parse(definition), budgets));
}

function overtaken({ changedByName, version }: AlertRuleRow): AppError {
  return new AppError(
    "conflict",
    `${changedByName} changed this rule meanwhile. Load it again, and repeat your change.`,
    {
      facts: { version },
    },
  );
}

function toRule(
  ctx: Context,
  row: AlertRuleRow,
  budgets: ReadonlyMap<string, CostFilter | null>,
  openAlerts: number,
): AlertRule {
  const definition = AlertRuleDefinition.parse(row.definition);
  return {
    ...definition,
    id: row.id,
    name: row.name,
    version: row.version,
    openAlerts,
    evaluatedDay: row.evaluatedDay === null ? null : columnToDay(row.evaluatedDay),
    problem: row.problem,
    changedBy: { id: row.changedById, name: row.changedByName },
    changedAt: row.changedAt.toISOString(),
    mayChange: reaches(ctx, "alerts:write", filtersOf(definition, budgets)),
  };
}
