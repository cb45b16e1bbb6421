import { AppError } from "@finops/kernel/app-error";
import type { SlackApp } from "@finops/platform/network/slack-app";
import * as z from "zod";
import type { Reach } from "../channel-provider.ts";
import { post } from "../post-json.ts";

const Answer = z.looseObject({ ok: z.boolean(), error: z.string().optional() });

/** Without its token the app is out of the workspace until somebody installs it again. */
const tokenErrors: ReadonlySet<string> = new Set([
  "account_inactive",
  "invalid_auth",
  "not_authed",
  "token_expired",
  "token_revoked",
]);
/** What trying again may help. */
const passingErrors: ReadonlySet<string> = new Set([
  "ratelimited",
  "internal_error",
  "fatal_error",
  "service_unavailable",
]);
const errorWords: Readonly<Record<string, string>> = {
  channel_not_found: "There is no such channel in the workspace, or it is private: invite the app to it.",
  not_in_channel: "The app is not in the channel: invite it.",
  is_archived: "The channel is archived.",
};

/**
 * Calls a method of Slack's Web API, as a form, which all of them take.
 * @throws AppError upstream with `isFinal`, and `isBroken` where the app was removed from the workspace
 */
export async function callSlack<T>(
  reach: Pick<Reach, "outside" | "signal">,
  app: Pick<SlackApp, "url">,
  method: string,
  form: Readonly<Record<string, string>>,
  schema: z.ZodType<T>,
  token?: string,
): Promise<T> {
  const text = await post(reach, `${app.url}/api/${method}`, new URLSearchParams(form).toString(), {
    "content-type": "application/x-www-form-urlencoded; charset=utf-8",
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  });
  const json = parse(text);
  const answer = Answer.safeParse(json);
  if (!answer.success)
    throw new AppError("upstream", "Slack answers by what is no JSON.", { facts: { isFinal: false } });
  if (answer.data.ok) return schema.parse(json);
  const error = answer.data.error ?? "unknown_error";
  const isBroken = tokenErrors.has(error);
  const words = isBroken ? "The app was removed from the workspace: install it again." : errorWords[error];
  throw new AppError("upstream", `Slack refuses (${error.slice(0, 60)}).${words === undefined ? "" : ` ${words}`}`, {
    facts: { isFinal: !passingErrors.has(error), isBroken },
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
