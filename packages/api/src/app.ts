import { AppError, errorStatus } from "@finops/kernel/app-error";
import { newId } from "@finops/kernel/id";
import { OpenAPIHono } from "@hono/zod-openapi";
import { costRoutes } from "@finops/capabilities/costs/index";
import { dashboardRoutes } from "@finops/capabilities/dashboards/index";
import { forecastingRoutes } from "@finops/capabilities/forecasting/index";
import { proofRoutes } from "@finops/capabilities/proof/index";
import { reportRoutes } from "@finops/capabilities/reports/index";
import { sourceRoutes } from "@finops/capabilities/sources/index";
import { viewRoutes } from "@finops/capabilities/views/index";
import { createDatabaseEvents } from "@finops/platform/events/database-events";
import type { LiveEvents } from "@finops/platform/events/live-events";
import type { Host } from "@finops/platform/host";
import type { AppEnv } from "@finops/platform/http/app-env";
import { toAppError } from "@finops/platform/db/database-errors";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import type { CostStore } from "@finops/warehouse/query/cost-store";
import type { Context as HonoContext } from "hono";
import { identify } from "./identify.ts";
import { liveRoutes } from "./live.ts";
import { type LocalOperatorParts, localOperatorRoutes } from "./local-operator.ts";
import { securityHeaders } from "./security-headers.ts";
import { signInRoutes } from "./sign-in.ts";

export interface ApiParts {
  host: Host;
  store: CostStore;
  /** True once the stores answer; `/readyz` says so. */
  isReady: () => Promise<boolean>;
  /** For commands on the same machine; null where there is no such machine. */
  local: Omit<LocalOperatorParts, "host"> | null;
  /** How this host learns of changes; left out, by listening to its own database. */
  live?: LiveEvents;
}

/** The door: sign-in, errors, headers, and every capability's routes below /api/v1. */
export function createApi(parts: ApiParts): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      const issue = result.error.issues[0]!;
      throw new AppError("invalid", `${issue.path.join(".") || "The request"}: ${issue.message}`, {
        facts: { path: issue.path.join(".") },
      });
    },
  });
  app.use("*", securityHeaders());
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.get("/readyz", async (c) =>
    (await parts.isReady()) ? c.json({ status: "ready" }) : c.json({ status: "starting" }, 503),
  );
  app.route("/", signInRoutes(parts.host));
  if (parts.local !== null) app.route("/", localOperatorRoutes({ host: parts.host, ...parts.local }));
  app.use("/api/v1/*", identify(parts.host, parts.local?.localKey ?? null));
  const reader = new CostReader(parts.store);
  app.route("/api/v1", costRoutes(reader));
  app.route("/api/v1", forecastingRoutes(reader));
  app.route("/api/v1", proofRoutes(reader));
  app.route(
    "/api/v1",
    liveRoutes({
      host: parts.host,
      live: parts.live ?? createDatabaseEvents(parts.host.db),
      localKey: parts.local?.localKey ?? null,
    }),
  );
  app.route("/api/v1", sourceRoutes());
  app.route("/api/v1", dashboardRoutes());
  app.route("/api/v1", reportRoutes(reader));
  app.route("/api/v1", viewRoutes());
  app.doc31("/api/openapi.json", {
    openapi: "3.1.0",
    info: {
      title: "FinOps platform",
      version: "0.1.0",
      description: "Costs, bills and what is published. Errors are problem+json.",
    },
  });
  app.all("/api/*", () => {
    throw new AppError("not_found", "There is no such resource. See /api/openapi.json.");
  });
  app.onError((error, c) => answerError(parts.host, error, c));
  return app;
}

/** The one place where an error becomes an answer. What is not an AppError is a defect: logged whole, told as such. */
function answerError(host: Host, caught: Error, c: HonoContext): Response {
  const translated = toAppError(caught);
  const error =
    translated instanceof AppError
      ? translated
      : new AppError(
          "internal",
          "Something went wrong on our side. Try again, and quote the request's id if it happens again.",
          { cause: caught },
        );
  const requestId = c.res.headers.get("x-request-id") ?? newId();
  const status = errorStatus[error.code].http;
  if (status >= 500)
    host.log.error({ err: caught, internal: error.internal, requestId, path: c.req.path }, error.message);
  const body = {
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
