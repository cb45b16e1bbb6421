import { parseDecimal } from "@finops/kernel/decimal";
import { addMonths, monthOf } from "@finops/kernel/period";
import type { Host } from "@finops/platform/host";
import type { Context } from "@finops/platform/tenancy/context";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import * as z from "zod";
import { listSeenBudgets, readMoment } from "../budgets/index.ts";
import { queryCosts } from "../costs/index.ts";
import { escapeText } from "./channels/slack/slack.ts";
import { answerRefusals, answerSlack } from "./slack-action-service.ts";
import { findSlackCompanies, findSlackPerson } from "./slack-person.ts";
import { amountWords, percentWords } from "./words.ts";

/** A slash command (https://docs.slack.dev/interactivity/implementing-slash-commands), as far as it is read. */
export const SlackCommand = z.object({
  team_id: z.string(),
  user_id: z.string(),
  text: z.string().default(""),
  response_url: z.url(),
});
export type SlackCommand = z.infer<typeof SlackCommand>;

const shown = 5;

/** Answers what the month costs so far, of what the person may see, to them alone. */
export async function answerSlackCommand(host: Host, reader: CostReader, command: SlackCommand): Promise<void> {
  const { team_id: teamId, user_id: userId, text, response_url: url } = command;
  const [company] = await findSlackCompanies(host, teamId);
  if (company === undefined) return answerSlack(host, url, "The app is installed for no company here.");
  await answerRefusals(host, url, async () => {
    const person = await findSlackPerson(host, company, { teamId, userId });
    const answer = "refusal" in person ? person.refusal : await summaryFor(person, reader, text.trim().toLowerCase());
    await answerSlack(host, url, answer);
  });
}

async function summaryFor(ctx: Context, reader: CostReader, word: string): Promise<string> {
  if (word === "budget") return budgetLines(ctx);
  if (word === "service") return costLines(ctx, reader, "serviceName", "service");
  if (word === "team") return costLines(ctx, reader, "tag:team", "team");
  if (word === "") return costLines(ctx, reader, null, "");
  return "Write /finops for the month so far, or /finops budget, /finops service or /finops team.";
}

/** The month up to today against as many days of the month before, in each currency. */
async function costLines(ctx: Context, reader: CostReader, by: string | null, word: string): Promise<string> {
  const { today } = await ctx.inTenant((tx) => readMoment(tx, ctx.tenantId, ctx.host.clock.now()));
  const start = monthOf(today).start;
  const whole = `${today.slice(0, 7)}`;
  if (today === start) return "The month has just begun: there is no whole day of it yet.";
  const period = { start, end: today };
  const compare = { start: addMonths(start, -1), end: addMonths(today, -1) };
  const measures = ["effectiveCost" as const];
  const groupBy = by === null ? [] : [by];
  const { rows, totals } = await queryCosts(ctx, reader, { measures, groupBy, period, compare, limit: 100 });
  if (totals.length === 0) return `There are no costs in ${whole} that you may see.`;
  const lines = totals.map(({ currency, values, comparison }) => {
    const now = figureOf(values);
    const before = figureOf(comparison);
    const told = now === null ? "not told" : amountWords(now, currency);
    return `${whole} so far: ${told}; ${before === null ? "nothing to compare" : `${amountWords(before, currency)} in as many days before`}.`;
  });
  const top = rows.slice(0, shown).map(({ key, currency, values }) => {
    const amount = figureOf(values);
    return `• ${escapeText(key[by ?? ""] ?? `no ${word}`)}: ${amount === null ? "not told" : amountWords(amount, currency)}`;
  });
  return [...lines, ...(by === null ? [] : top), `${ctx.host.baseUrl}/explorer`].join("\n");
}

function figureOf(values: Readonly<Record<string, { value: string | null }>> | undefined) {
  const value = values?.["effectiveCost"]?.value;
  return value == null ? null : parseDecimal(value);
}

async function budgetLines(ctx: Context): Promise<string> {
  const { budgets } = await listSeenBudgets(ctx, { limit: 1000 });
  if (budgets.length === 0) return "There is no budget that you may see.";
  const used = (text: string | null | undefined) => (text == null ? null : parseDecimal(text));
  const lines = budgets
    .toSorted((a, b) => Number(b.standing?.usedPercent ?? -1) - Number(a.standing?.usedPercent ?? -1))
    .slice(0, shown)
    .map(({ name, currency, standing }) => {
      const [actual, percent] = [used(standing?.actual), used(standing?.usedPercent)];
      if (standing === null || actual === null) return `• ${escapeText(name)}: no data yet`;
      if (standing.limit === null)
        return `• ${escapeText(name)}: ${amountWords(actual, currency)}; no limit can be told`;
      const share = percent === null ? "" : `, ${percentWords(percent)}`;
      return `• ${escapeText(name)}: ${amountWords(actual, currency)} of ${amountWords(parseDecimal(standing.limit), currency)}${share}`;
    });
  const more = budgets.length > shown ? [`And ${budgets.length - shown} more.`] : [];
  return [...lines, ...more, `${ctx.host.baseUrl}/budgets`].join("\n");
}
