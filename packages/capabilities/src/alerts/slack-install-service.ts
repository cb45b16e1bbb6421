import { AppError } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import { requirePermission } from "@finops/platform/access/require-permission";
import { hashToken, newToken } from "@finops/platform/identity/tokens";
import type { Host } from "@finops/platform/host";
import type { SlackApp } from "@finops/platform/network/slack-app";
import type { Context } from "@finops/platform/tenancy/context";
import * as z from "zod";
import { requireWhole } from "./alert-access.ts";
import { insertChannel } from "./channel-service.ts";
import { callSlack } from "./channels/slack-app/slack-api.ts";
import { type Channel, SlackInstallInput, type SlackSetup } from "./contract.ts";

const minutesMax = 10;
const scopes = ["chat:write", "chat:write.public", "commands", "users:read", "users:read.email"];

/** Whether the operator made an app at Slack, and what there is to do where not. */
export function getSlackSetup(ctx: Context): SlackSetup {
  requirePermission(ctx, "alerts:write");
  const todo =
    "Make an app at api.slack.com/apps and set FINOPS_SLACK_CLIENT_ID, FINOPS_SLACK_CLIENT_SECRET and FINOPS_SLACK_SIGNING_SECRET where the server runs (docs/guides/slack-app.md says how).";
  return ctx.host.slack === null ? { isReady: false, todo } : { isReady: true, todo: null };
}

/**
 * Notes that somebody sets out to install the app, and says where to. They come back in the same session or not at all.
 * @param origin of the company's own page, where the session is
 */
export async function startSlackInstall(ctx: Context, origin: string, input: unknown): Promise<{ location: string }> {
  requirePermission(ctx, "alerts:write");
  requireWhole(ctx);
  const { name, place } = SlackInstallInput.parse(input);
  const app = requireApp(ctx.host);
  const { sessionId } = ctx;
  if (sessionId === null)
    throw new AppError("precondition", "Slack's app is installed by a person in the page, since Slack asks them.");
  const [state, now] = [newToken(), ctx.host.clock.now()];
  const stateHash = await hashToken(state);
  const expiresAt = new Date(now.getTime() + minutesMax * 60_000);
  await ctx.inTenant(async (tx) => {
    await tx.slackInstall.deleteMany({ where: { expiresAt: { lt: now } } });
    await tx.slackInstall.create({
      data: { id: newId(now.getTime()), stateHash, userId: ctx.actor.id, sessionId, origin, name, place, expiresAt },
    });
  });
  const asked = { client_id: app.clientId, scope: scopes.join(","), state, redirect_uri: slackCallback(ctx.host) };
  return { location: `${app.url}/oauth/v2/authorize?${new URLSearchParams(asked).toString()}` };
}

/** The company and the host that somebody set out from; null for a state that is too old, taken or nobody's. */
export async function findSlackInstall(
  { db, clock }: Host,
  state: string,
): Promise<{ tenantId: string; sessionId: string; origin: string } | null> {
  const stateHash = await hashToken(state);
  const rows = await db.inDirectory(
    (tx) => tx.$queryRaw<{ tenantId: string; sessionId: string; origin: string }[]>`
      select tenant_id::text as "tenantId", session_id::text as "sessionId", origin
      from find_slack_install(${stateHash}, ${clock.now()}::timestamptz)`,
  );
  return rows[0] ?? null;
}

const Installed = z.object({
  access_token: z.string().min(1),
  team: z.object({ id: z.string().min(1), name: z.string().default("") }),
});

/** Takes what Slack gave, once, and makes a channel of it. Who came back is who set out: the caller saw to that. */
export async function finishSlackInstall(ctx: Context, state: string, code: string): Promise<Channel> {
  requirePermission(ctx, "alerts:write");
  requireWhole(ctx);
  const { host } = ctx;
  const app = requireApp(host);
  const stateHash = await hashToken(state);
  const install = await ctx.inTenant(async (tx) => {
    const found = await tx.slackInstall.findFirst({
      where: { stateHash, sessionId: ctx.sessionId ?? "", expiresAt: { gt: host.clock.now() } },
    });
    const { count } = await tx.slackInstall.deleteMany({ where: { stateHash } });
    return count === 1 ? found : null;
  });
  if (install === null) throw new AppError("precondition", "This took too long, or was done already. Begin anew.");
  const form = {
    client_id: app.clientId,
    client_secret: app.clientSecret,
    code,
    redirect_uri: slackCallback(host),
  };
  const { access_token: token, team } = await callSlack(host, app, "oauth.v2.access", form, Installed);
  const { name, place } = install;
  const target = { kind: "slack-app" as const, teamId: team.id, teamName: team.name, token, place };
  return ctx.inTenant((tx) => insertChannel(tx, ctx, { name, isOn: true, perMinuteMax: 30, digest: null }, target));
}

function slackCallback({ baseUrl }: Pick<Host, "baseUrl">): string {
  return `${baseUrl}/slack/callback`;
}

function requireApp({ slack }: Pick<Host, "slack">): SlackApp {
  if (slack === null) throw new AppError("precondition", "Slack's app is not set up here. Ask who runs the server.");
  return slack;
}
