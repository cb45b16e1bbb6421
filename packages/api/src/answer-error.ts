import { AppError, errorStatus } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import { toScimError } from "@finops/capabilities/scim/index";
import { toAppError } from "@finops/platform/db/database-errors";
import { diskFullError } from "@finops/kernel/disk-full";
import type { AppEnv } from "@finops/platform/http/app-env";
import type { Problem } from "@finops/platform/http/problem";
import type { Context } from "@finops/platform/tenancy/context";
import type { Context as HonoContext } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Door } from "./identify.ts";

/**
 * The one place where an error becomes an answer. What is not an AppError is a defect: logged whole, told as such. Who was not
 * allowed something stands in their company's audit.
 */
export async function answerError(
  { host, refusals }: Pick<Door, "host" | "refusals">,
  caught: Error,
  c: HonoContext<AppEnv>,
): Promise<Response> {
  const error = readError(caught);
  // Nobody is known while they are still at the door.
  const ctx = c.get("ctx") as Context | undefined;
  if (error.code === "forbidden" && ctx !== undefined)
    await refusals.note(ctx, "access.denied", {
      request: `${c.req.method} ${c.req.path.slice(0, 200)}`,
      reason: error.message.slice(0, 500),
    });
  const requestId = c.res.headers.get("x-request-id") ?? newId();
  const status = errorStatus[error.code].http;
  if (status >= 500)
    host.log.error({ err: caught, internal: error.internal, requestId, path: withoutToken(c.req.path) }, error.message);
  if (c.req.path.startsWith("/scim/"))
    return new Response(JSON.stringify(toScimError(status, error.message, error.facts)), {
      status,
      headers: { "content-type": "application/scim+json", "x-request-id": requestId },
    });
  const body: Problem = {
    type: `/docs/errors#${error.code}`,
    title: error.code.replaceAll("_", " "),
    status,
    detail: error.message,
    code: error.code,
    requestId,
    ...(Object.keys(error.facts).length === 0 ? {} : { facts: error.facts }),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/problem+json", "x-request-id": requestId },
  });
}

/** A link that was not used up because of a defect still signs somebody in. */
function withoutToken(path: string): string {
  return path.replace(/^(\/sign-in\/)[^/]+/, "$1[redacted]");
}

function readError(caught: Error): AppError {
  const translated = diskFullError(caught) ?? toAppError(caught);
  if (translated instanceof AppError) return translated;
  // What the framework refuses before a route sees it, such as a body that is no JSON.
  if (caught instanceof HTTPException && caught.status < 500)
    return new AppError(
      caught.status === 413 ? "too_large" : "invalid",
      `${caught.message || "The request is not valid"}.`,
      {
        cause: caught,
      },
    );
  return new AppError(
    "internal",
    "Something went wrong on our side. Try again, and quote the request's id if it happens again.",
    { cause: caught },
  );
}
