import { AppError } from "@finops/kernel/app-error";
import type { AppEnv } from "@finops/platform/http/app-env";
import { keepAnswer, type KeptAnswer, releaseKey, takeKey } from "@finops/platform/http/idempotency-keys";
import { hashToken } from "@finops/platform/identity/tokens";
import type { Context } from "@finops/platform/tenancy/context";
import type { MiddlewareHandler } from "hono";

/** POSTs that only read: repeating them changes nothing, and what they answer may be large. */
export const readingPosts: ReadonlySet<string> = new Set([
  "/api/v1/alerts/rules/preview",
  "/api/v1/budgets/copy/preview",
  "/api/v1/budgets/plan",
  "/api/v1/budgets/preview",
  "/api/v1/cost/query",
  "/api/v1/cost/rows",
  "/api/v1/cost/expected",
  "/api/v1/proof",
  "/api/v1/access/preview",
  "/api/v1/export",
  "/api/v1/unit-metrics/read-values",
  "/api/v1/views/pdf",
]);

/** Whether a POST's answer has a secret, which is kept nowhere: it is never answered again from what was kept. */
export function answersSecret(path: string): boolean {
  return /^\/api\/v1\/keys(\/[^/]+\/take)?$/.test(path);
}

const answerCharactersMax = 1_000_000;

/**
 * A POST with an Idempotency-Key is done once: sent again within a day by the same person or key, it gets the first answer,
 * marked by a header. Only success is kept: what was refused changed nothing, so it may be tried again.
 */
export function idempotency(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const key = c.req.header("idempotency-key");
    if (key === undefined || c.req.method !== "POST" || readingPosts.has(c.req.path)) return next();
    if (!/^[\x21-\x7e]{1,255}$/.test(key))
      throw new AppError("invalid", "Idempotency-Key: Send 1 to 255 visible ASCII characters, such as a UUID.");
    const request = {
      route: `POST ${c.req.path}`,
      key,
      bodyHash: await hashToken(textOf(c.var.ctx, await c.req.text())),
    };
    const { ctx } = c.var;
    if (answersSecret(c.req.path))
      throw new AppError(
        "invalid",
        "Idempotency-Key: The answer has a secret, which is not kept. Send it without, and revoke what was made twice.",
      );
    const kept = await takeKey(ctx, request);
    if (kept !== null) return replay(kept);
    await next();
    const body = c.res.status < 300 ? await c.res.clone().text() : null;
    if (body === null || body.length > answerCharactersMax) return releaseKey(ctx, request);
    return keepAnswer(ctx, request, {
      status: c.res.status,
      contentType: c.res.headers.get("content-type") ?? "",
      body,
    });
  };
}

/** What is told anew is what the sender may still be told: with other access, it is another request. */
function textOf(ctx: Context, body: string): string {
  return JSON.stringify([body, [...ctx.permissions].toSorted(), [...ctx.rowFilters]]);
}

function replay({ status, contentType, body }: KeptAnswer): Response {
  return new Response(body === "" ? null : body, {
    status,
    headers: { "idempotency-replayed": "true", ...(contentType === "" ? {} : { "content-type": contentType }) },
  });
}
