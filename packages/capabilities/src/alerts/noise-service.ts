import { requirePermission } from "@finops/platform/access/require-permission";
import type { Context } from "@finops/platform/tenancy/context";
import { AlertHappening, NoiseParameters, type NoiseReport, type RuleNoise } from "./contract.ts";
import { type Happened, noiseOf, suggestionFor } from "./noise.ts";
import { listAlertRules } from "./rule-service.ts";

const eventsMax = 100_000;
const dayMs = 86_400_000;

/** How often each rule that one may see rang in the last days, what came of it, and what would make it ring less for nothing. */
export async function getNoiseReport(ctx: Context, input: unknown = {}): Promise<NoiseReport> {
  requirePermission(ctx, "alerts:read");
  const { days } = NoiseParameters.parse(input);
  const since = new Date(ctx.host.clock.now().getTime() - days * dayMs);
  const rules = await listAlertRules(ctx);
  const rows = await ctx.inTenant((tx) =>
    tx.alertEvent.findMany({
      where: { at: { gte: since }, alert: { ruleId: { in: rules.map(({ id }) => id) } } },
      // The newest are kept where there are too many.
      orderBy: [{ at: "desc" }, { id: "desc" }],
      take: eventsMax,
      select: { alertId: true, what: true, actorId: true, at: true, alert: { select: { ruleId: true } } },
    }),
  );
  const byRule = new Map<string, Happened[]>(rules.map(({ id }) => [id, []]));
  for (const { alertId, what, actorId, at, alert } of rows.toReversed())
    byRule.get(alert.ruleId!)?.push({ alertId, what: AlertHappening.parse(what), isByPerson: actorId !== null, at });
  const told = rules
    .map(({ id, name, holdDays, escalationId }): RuleNoise => {
      const { things, ...noise } = noiseOf(byRule.get(id)!);
      return {
        rule: { id, name },
        ...noise,
        suggestion: suggestionFor({ things, ...noise }, { holdDays, escalationId }),
      };
    })
    .toSorted((a, b) => b.withoutAction - a.withoutAction || b.fired - a.fired);
  return {
    days,
    since: since.toISOString(),
    sentence: sentenceOf(told, days),
    rules: told,
    isWhole: rows.length < eventsMax,
  };
}

function sentenceOf(rules: readonly RuleNoise[], days: number): string {
  const [fired, ignored] = [total(rules, "fired"), total(rules, "withoutAction")];
  if (fired === 0) return `Nothing fired in the last ${days} days.`;
  const share = Math.round((ignored / fired) * 100);
  const times = fired === 1 ? "An alert fired once" : `Alerts fired ${fired} times`;
  return `${times} in the last ${days} days; nobody did anything about ${share} % of it.`;
}

function total(rules: readonly RuleNoise[], what: "fired" | "withoutAction"): number {
  return rules.reduce((sum, one) => sum + one[what], 0);
}
