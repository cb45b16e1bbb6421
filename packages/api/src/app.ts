import { AppError } from "@finops/kernel/app-error";
import { OpenAPIHono } from "@hono/zod-openapi";
import { approvalRoutes } from "@finops/capabilities/approvals/index";
import { auditRoutes } from "@finops/capabilities/audit/index";
import { costRoutes } from "@finops/capabilities/costs/index";
import { dashboardRoutes } from "@finops/capabilities/dashboards/index";
import { type ExportParts, exportRoutes } from "@finops/capabilities/exports/index";
import { forecastingRoutes } from "@finops/capabilities/forecasting/index";
import { accessRoutes, peopleChanges, peoplePolicies, peopleRoutes } from "@finops/capabilities/people/index";
import { proofRoutes } from "@finops/capabilities/proof/index";
import { reportRoutes } from "@finops/capabilities/reports/index";
import { sourceChanges, sourcePolicies, sourceRoutes } from "@finops/capabilities/sources/index";
import { provisioningRoutes, scimRoutes } from "@finops/capabilities/scim/index";
import { viewRoutes } from "@finops/capabilities/views/index";
import { createPermissionUses, type PermissionUses } from "@finops/platform/access/permission-uses";
import { createDatabaseEvents } from "@finops/platform/events/database-events";
import { createRefusals, type Refusals } from "@finops/platform/audit/refusals";
import type { LiveEvents } from "@finops/platform/events/live-events";
import type { ChangeKind } from "@finops/platform/approvals/change-kind";
import type { Host } from "@finops/platform/host";
import type { AppEnv } from "@finops/platform/http/app-env";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import type { CostStore } from "@finops/warehouse/query/cost-store";
import { answerError } from "./answer-error.ts";
import { conditionalGet } from "./conditional-get.ts";
import { docsPages } from "./docs-pages.ts";
import { guardInput } from "./guard-input.ts";
import { idempotency } from "./idempotency.ts";
import { type Door, identify } from "./identify.ts";
import { liveRoutes } from "./live.ts";
import { type LocalOperatorParts, localOperatorRoutes } from "./local-operator.ts";
import { describeApi } from "./openapi-document.ts";
import { securityHeaders } from "./security-headers.ts";
import { signInRoutes } from "./sign-in.ts";

export interface ApiParts {
  host: Host;
  store: CostStore;
  /** Writes exports; null where there is no engine for it, and so no route. */
  pipeline: ExportParts["pipeline"] | null;
  /** True once the stores answer; `/readyz` says so. */
  isReady: () => Promise<boolean>;
  /** For commands on the same machine; null where there is no such machine. */
  local: Omit<LocalOperatorParts, "host"> | null;
  /** How this host learns of changes; left out, by listening to its own database. */
  live?: LiveEvents;
  /** Where a request comes from, as the host knows it; left out, where it cannot know. */
  addressOf?: Door["addressOf"];
  /** Left out, the API's own; a host that ends in order gives them, and flushes them at the end. */
  refusals?: Refusals;
  /** The same. */
  uses?: PermissionUses;
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
  const door: Door = {
    host: parts.host,
    localKey: parts.local?.localKey ?? null,
    addressOf: parts.addressOf ?? (() => null),
    refusals: parts.refusals ?? createRefusals(),
    uses: parts.uses ?? createPermissionUses(),
  };
  app.use("*", securityHeaders());
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.get("/readyz", async (c) =>
    (await parts.isReady()) ? c.json({ status: "ready" }) : c.json({ status: "starting" }, 503),
  );
  app.route("/", signInRoutes(door));
  if (parts.local !== null) app.route("/", localOperatorRoutes({ host: parts.host, ...parts.local }));
  app.route("/", docsPages());
  app.use("/api/v1/*", identify(door), guardInput(), conditionalGet(), idempotency());
  const reader = new CostReader(parts.store);
  app.route("/api/v1", auditRoutes());
  app.route("/api/v1", costRoutes(reader));
  if (parts.pipeline !== null) app.route("/api/v1", exportRoutes({ store: parts.store, pipeline: parts.pipeline }));
  app.route("/api/v1", forecastingRoutes(reader));
  app.route("/api/v1", peopleRoutes());
  app.route("/api/v1", accessRoutes(reader));
  app.route(
    "/api/v1",
    approvalRoutes([...peopleChanges, ...sourceChanges] as ChangeKind[], [...peoplePolicies, ...sourcePolicies]),
  );
  app.route("/api/v1", proofRoutes(reader));
  app.route("/api/v1", liveRoutes({ door, live: parts.live ?? createDatabaseEvents(parts.host.db) }));
  app.route("/api/v1", sourceRoutes(parts.pipeline));
  app.route("/api/v1", dashboardRoutes());
  app.route("/api/v1", reportRoutes(reader));
  app.route("/api/v1", viewRoutes());
  app.route("/api/v1", provisioningRoutes());
  app.use("/scim/v2/*", identify(door), guardInput());
  app.route("/scim/v2", scimRoutes());
  app.all("/scim/*", () => {
    throw new AppError("not_found", "There is no such resource. There are Users and Groups below /scim/v2.");
  });
  app.get("/api/openapi.json", (c) => c.json(describeApi(app)));
  app.all("/api/*", () => {
    throw new AppError("not_found", "There is no such resource. See /api/openapi.json.");
  });
  app.onError((error, c) => answerError(door, error, c));
  return app;
}
