import { AppError } from "@finops/kernel/app-error";
import { isId } from "@finops/kernel/id";
import type { Host } from "@finops/platform/host";
import * as z from "zod";
import { acknowledgeAlert, snoozeAlert } from "./alert-service.ts";
import { post } from "./channels/post-json.ts";
import { findSlackCompanies, findSlackPerson, type SlackCompany } from "./slack-person.ts";

/** A press of a button (https://docs.slack.dev/reference/interaction-payloads/block_actions-payload), as far as it is read. */
export const SlackAction = z.object({
  type: z.literal("block_actions"),
  team: z.object({ id: z.string() }),
  user: z.object({ id: z.string() }),
  response_url: z.url(),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().default("") })).min(1),
});
export type SlackAction = z.infer<typeof SlackAction>;

const snoozeHours = 4;

/** Does what a button says, as the person who pressed it, and tells them alone where they may not. The message changes by the outbox. */
export async function actFromSlack(host: Host, { team, user, actions, response_url: url }: SlackAction): Promise<void> {
  const { action_id: action, value: alertId } = actions[0]!;
  const company = await findCompanyOfAlert(host, await findSlackCompanies(host, team.id), alertId);
  if (company === null) return answerSlack(host, url, "This alert is not known any more.");
  await answerRefusals(host, url, async () => {
    const person = await findSlackPerson(host, company, { teamId: team.id, userId: user.id });
    if ("refusal" in person) return answerSlack(host, url, person.refusal);
    if (action === "acknowledge") await acknowledgeAlert(person, alertId);
    else if (action === "snooze") await snoozeAlert(person, alertId, { hours: snoozeHours });
  });
}

/** Tells in words what a person may not, or what is wrong; anything else is ours. */
export async function answerRefusals(host: Host, url: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    await answerSlack(host, url, error.message);
  }
}

/** To who asked, and nobody else in the channel. The address is Slack's, for this one request is signed. */
export async function answerSlack(host: Host, url: string, text: string): Promise<void> {
  const body = JSON.stringify({ response_type: "ephemeral", replace_original: false, text });
  await post(host, url, body, { "content-type": "application/json" });
}

/** A workspace may tell for several companies: the alert's own counts. */
async function findCompanyOfAlert(
  host: Host,
  companies: readonly SlackCompany[],
  alertId: string,
): Promise<SlackCompany | null> {
  if (!isId(alertId)) return null;
  for (const company of companies) {
    const count = await host.db.inTenant(company.tenantId, (tx) => tx.alert.count({ where: { id: alertId } }));
    if (count === 1) return company;
  }
  return null;
}
