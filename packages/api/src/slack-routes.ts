import { AppError } from "@finops/kernel/app-error";
import {
  actFromSlack,
  answerSlackCommand,
  findSlackInstall,
  finishSlackInstall,
  isSignedBySlack,
  noteSlackRemoval,
  SlackAction,
  SlackCommand,
  SlackEvent,
  startSlackInstall,
} from "@finops/capabilities/alerts/index";
import { SlackInstallInput } from "@finops/capabilities/alerts/contract";
import type { CostReader } from "@finops/warehouse/query/cost-reader";
import { type Context as HonoContext, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { originOf } from "./company-of-request.ts";
import { type Door, findContext } from "./identify.ts";
import { countSignIn } from "./rate-limits.ts";
import { readBody } from "./read-body.ts";
import { requireOwnPage, requireSafeWay } from "./request-way.ts";

/**
 * Slack's app: installing it, which leads away and back to one address for all companies, and what Slack itself asks and
 * tells, which it signs. What it asks is done after the answer, since Slack waits for three seconds.
 */
export function slackRoutes(door: Door, reader: CostReader): Hono {
  const { host } = door;
  const app = new Hono();

  // Asked for by the person's own page, so that no link of somebody else does it.
  app.post("/api/slack/install", async (c) => {
    const ctx = await findContext(door, c, requestIdOf(c));
    if (ctx.via === "page") requireOwnPage(door, c);
    return c.json(await startSlackInstall(ctx, originOf(door, c), await readBody(c, SlackInstallInput)));
  });

  app.get("/slack/callback", async (c) => {
    c.header("Cache-Control", "no-store");
    requireSafeWay(door, c);
    await countSignIn(door, c);
    const { state = "", code = "" } = c.req.query();
    const install = await findSlackInstall(host, state);
    if (install === null) return c.redirect(`${originOf(door, c)}/alerts/channels?slack=expired`, 303);
    const page = `${install.origin}/alerts/channels`;
    // The session is on the company's own host alone.
    if (originOf(door, c) !== install.origin)
      return c.redirect(`${install.origin}/slack/callback?${new URLSearchParams({ state, code }).toString()}`, 303);
    const ctx = await findContext(door, c, requestIdOf(c));
    if (ctx.tenantId !== install.tenantId || ctx.sessionId !== install.sessionId)
      throw new AppError("forbidden", "Somebody else set out to install Slack's app. Begin anew from the channels.");
    if (code === "") return c.redirect(`${page}?slack=cancelled`, 303);
    try {
      const channel = await finishSlackInstall(ctx, state, code);
      return c.redirect(`${page}?edit=${channel.id}`, 303);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "upstream") throw error;
      host.log.warn({ err: error }, "Slack's app could not be installed");
      return c.redirect(`${page}?slack=refused`, 303);
    }
  });

  app.post("/slack/actions", limitBody, async (c) => {
    const form = new URLSearchParams(await readSigned(door, c));
    const { success, data } = SlackAction.safeParse(parseJson(form.get("payload") ?? ""));
    // What is no press of a button, such as a link's, wants nothing.
    if (success) door.later(() => actFromSlack(host, data));
    return c.body(null, 200);
  });

  app.post("/slack/commands", limitBody, async (c) => {
    const form = new URLSearchParams(await readSigned(door, c));
    const command = SlackCommand.safeParse(Object.fromEntries(form));
    if (!command.success) throw new AppError("invalid", "This is no slash command.");
    door.later(() => answerSlackCommand(host, reader, command.data));
    return c.body(null, 200);
  });

  app.post("/slack/events", limitBody, async (c) => {
    const { success, data } = SlackEvent.safeParse(parseJson(await readSigned(door, c)));
    // What is subscribed to beside what is read wants nothing.
    if (!success) return c.body(null, 200);
    if (data.type === "url_verification") return c.json({ challenge: data.challenge });
    // Kept before the answer: what fails is told again by Slack.
    door.later(await noteSlackRemoval(host, data));
    return c.body(null, 200);
  });

  return app;
}

const limitBody = bodyLimit({
  maxSize: 256 * 1024,
  onError: () => {
    throw new AppError("too_large", "The body is too large.");
  },
});

/** What Slack signed, the body as it came. @throws unauthenticated for anybody else's */
async function readSigned({ host }: Door, c: HonoContext): Promise<string> {
  if (host.slack === null) throw new AppError("not_found", "Slack's app is not set up here.");
  const body = await c.req.text();
  const signed = {
    timestamp: c.req.header("x-slack-request-timestamp") ?? "",
    signature: c.req.header("x-slack-signature") ?? "",
    body,
  };
  if (!(await isSignedBySlack(host.slack.signingSecret, signed, host.clock.now())))
    throw new AppError("unauthenticated", "Only Slack asks here, by its signature.");
  return body;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function requestIdOf(c: HonoContext): string {
  return c.res.headers.get("x-request-id") ?? "";
}
