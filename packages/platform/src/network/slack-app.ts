import { AppError } from "@finops/kernel/app-error";

/** The app of this installation at Slack, with which companies install it into their workspaces. */
export interface SlackApp {
  clientId: string;
  clientSecret: string;
  /** With it Slack signs what it asks of us. */
  signingSecret: string;
  /** Where Slack is, without a slash at the end. */
  url: string;
}

const names = {
  clientId: "FINOPS_SLACK_CLIENT_ID",
  clientSecret: "FINOPS_SLACK_CLIENT_SECRET",
  signingSecret: "FINOPS_SLACK_SIGNING_SECRET",
} as const;

/**
 * Null where none is set. Slack for governments is elsewhere, as `FINOPS_SLACK_URL` says.
 * @throws precondition when one is set without the others, or the address is none of https (http on this machine)
 */
export function readSlackApp(env: Readonly<Record<string, string | undefined>>): SlackApp | null {
  const read = (name: string) => env[name] ?? "";
  const [clientId, clientSecret, signingSecret] = [names.clientId, names.clientSecret, names.signingSecret].map(read);
  const missing = Object.values(names).filter((name) => read(name) === "");
  if (missing.length === 3) return null;
  if (missing.length > 0) throw new AppError("precondition", `Set ${missing.join(" and ")} too, or none of Slack's.`);
  const url = read("FINOPS_SLACK_URL") || "https://slack.com";
  if (!/^(https:\/\/[\w.-]+|http:\/\/(127\.0\.0\.1|localhost))(:\d+)?$/.test(url))
    throw new AppError("precondition", "FINOPS_SLACK_URL takes an address such as https://slack-gov.com.");
  return { clientId: clientId!, clientSecret: clientSecret!, signingSecret: signingSecret!, url };
}
