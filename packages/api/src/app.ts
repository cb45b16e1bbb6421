import { AppError } from "@finops/kernel/app-error";
import { OpenAPIHono } from "@hono/zod-openapi";
import { alertRoutes, chainsOfSchedule } from "@finops/capabilities/alerts/index";
import { approvalRoutes } from "@finops/capabilities/approvals/index";
import { auditRoutes } from "@finops/capabilities/audit/index";
import { budgetChanges, budgetOverviewRoutes, budgetPolicies, budgetRoutes } from "@finops/capabilities/budgets/index";
import { companyChanges, companyPolicies, companyRoutes, myCompanyRoutes } from "@finops/capabilities/companies/index";
import { costRoutes } from "@finops/capabilities/costs/index";
import { dashboardRoutes } from "@finops/capabilities/dashboards/index";
import { type Exporter, exportRoutes } from "@finops/capabilities/exports/index";
import { forecastingRoutes } from "@finops/capabilities/forecasting/index";
import { keyChanges, keyPolicies, keyRoutes } from "@finops/capabilities/keys/index";
import { inboxRoutes } from "@finops/capabilities/inbox/index";
import { onCallRoutes } from "@finops/capabilities/on-call/index";
import { accessRoutes, peopleChanges, peoplePolicies, peopleRoutes } from "@finops/capabilities/people/index";
import { proofRoutes } from "@finops/capabilities/proof/index";
import { reportRoutes } from "@finops/capabilities/reports/index";
import { type Printer, printRoutes, scheduleRoutes, toldFileRoutes } from "@finops/capabilities/schedules/index";
import { provisioningRoutes, scimRoutes } from "@finops/capabilities/scim/index";
import { sessionRoutes } from "@finops/capabilities/sessions/index";
import { signInSetupRoutes } from "@finops/capabilities/sign-in/index";
import { type BillReader, sourceChanges, sourcePolicies, sourceRoutes } from "@finops/capabilities/sources/index";
import { unitMetricRoutes } from "@finops/capabilities/unit-metrics/index";
import { viewRoutes } from "@finops/capabilities/views/index";
import { createPermissionUses, type PermissionUses } from "@finops/platform/access/permission-uses";
import { createDatabaseEvents } from "@finops/platform/events/database-events";
import { createRefusals, type Refusals } from "@finops/platform/audit/refusals";
import type { LiveEvents } from "@finops/platform/events/live-events";
import type { ChangeKind } from "@finops/platform/approvals/change-kind";
import type { Host } from "@finops/platform/host";
import { createAccessTokens } from "@finops/platform/identity/access-tokens";
import { createDatabaseSessions, type SessionStore } from "@finops/platform/identity/session-store";
import { createRateLimiter, type RateLimiter } from "@finops/platform/limits/rate-limiter";
import type { AppEnv } from "@finops/platform/http/app-env";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import type { SharedAnswers } from "@finops/warehouse/query/result-cache";
import type { CostStore } from "@finops/warehouse/query/cost-store";
import { answerError } from "./answer-error.ts";
import { companyHost } from "./company-host.ts";
import { conditionalGet } from "./conditional-get.ts";
import { docsPages, type ReadSwaggerFile } from "./docs-pages.ts";
import { guardInput } from "./guard-input.ts";
import { healthRoutes } from "./health-routes.ts";
import { idempotency } from "./idempotency.ts";
import { believeSealedWay, type EngineBehind, engineRoutes, handOn } from "./engine-behind.ts";
import { type Door, identify } from "./identify.ts";
import { liveRoutes } from "./live.ts";
import { type LocalOperatorParts, localOperatorRoutes } from "./local-operator.ts";
import { observeRequests } from "./observe-requests.ts";
import { describeApi } from "./openapi-document.ts";
import { defaultRateLimits, type RateLimits, rateLimits } from "./rate-limits.ts";
import { ringRoutes } from "./ring.ts";
import { samlBehindRoutes } from "./saml-behind.ts";
import { securityHeaders } from "./security-headers.ts";
import { secondFactorRoutes } from "./second-factor.ts";
import { signInByLinkRoutes } from "./sign-in-by-link.ts";
import { signInWithRoutes } from "./sign-in-with.ts";
import { signInRoutes } from "./sign-in.ts";
import { slackRoutes } from "./slack-routes.ts";
import { tellOfChange } from "./tell-of-change.ts";
import { tokenRoutes } from "./token-routes.ts";

export interface ApiParts {
  host: Host;
  store: CostStore;
  /** What needs an engine and a disk beside the cost store (engine-parts.ts), as far as the host has it; null for nothing. */
  engine: Partial<EngineParts> | null;
  /** A process that has all of it, asked instead; left out, none is. */
  engineBehind?: EngineBehind | null;
  /** Reads the files of the page that tries the API; left out where static assets have them. */
  docsFile?: ReadSwaggerFile;
  /** True once the stores answer; `/readyz` says so. */
  isReady: () => Promise<boolean>;
  /** For commands on the same machine; null where there is no such machine. */
  local: Omit<LocalOperatorParts, "host"> | null;
  /** How this host learns of changes; left out, by listening to its own database. */
  live?: LiveEvents;
  /**
   * Told after a request that may have changed something of a company, and by a ring of another host (ring.ts); left out where
   * the database's notices do it.
   */
  changed?: (tenantId: string) => void;
  /** Where a request comes from, as the host knows it; left out, where it cannot know. */
  addressOf?: Door["addressOf"];
  /** How many proxies in front are believed in what they say of a request; left out, none. */
  trustedProxies?: number;
  /** The header in which they say the country of an address; left out, none does. */
  countryHeader?: string | null;
  /** Left out, rows of the host's database. */
  sessions?: SessionStore;
  /** What other processes have answered already; left out, each works out its own. */
  answers?: SharedAnswers;
  /** How many processes answer beside each other (CostReaderOptions); left out, this one alone. */
  processes?: () => number;
  /** Whether requests may wait for each other's cost queries (CostReaderOptions); left out, they do. */
  waitsForOthers?: boolean;
  /** Left out, each process counts for itself. */
  limiter?: RateLimiter;
  /** Left out, those that fit a company; null limits nobody. */
  limits?: RateLimits | null;
  /** Left out, the API's own; a host that ends in order gives them, and flushes them at the end. */
  refusals?: Refusals;
  /** The same. */
  uses?: PermissionUses;
  /** Left out, at once and beside the answer. */
  later?: Door["later"];
}

/** Without an exporter there is no route for exports, without a printer none for PDF; without bills, what looks into them says so. */
export interface EngineParts {
  exporter: Exporter;
  bills: BillReader;
  printer: Printer;
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
    trustedProxies: parts.trustedProxies ?? 0,
    countryHeader: parts.countryHeader ?? null,
    refusals: parts.refusals ?? createRefusals(),
    uses: parts.uses ?? createPermissionUses(),
    tokens: createAccessTokens(parts.host),
    later: parts.later ?? ((work) => void doLater(parts.host, work)),
    sessions: parts.sessions ?? createDatabaseSessions(parts.host.db, parts.host.clock),
    limiter: parts.limiter ?? createRateLimiter(),
    limits: parts.limits === undefined ? defaultRateLimits : parts.limits,
  };
  const reader = new CostReader(parts.store, {
    shared: parts.answers ?? null,
    waitsForOthers: parts.waitsForOthers ?? true,
    ...(parts.processes === undefined ? {} : { processes: parts.processes }),
    noteAnswer: (fromCache) => parts.host.telemetry.add("finops.cost_answers", 1, { from_cache: fromCache }),
  });
  const { exporter, bills, printer } = parts.engine ?? {};
  app.use("*", securityHeaders(door), observeRequests(parts.host), rateLimits(door));
  app.route("/", healthRoutes(parts.isReady));
  app.use("*", believeSealedWay(door));
  const { engineBehind = null } = parts;
  if (engineBehind !== null)
    for (const [method, path] of engineRoutes) app.on(method, path, handOn(door, engineBehind));
  if (parts.changed !== undefined) app.route("/", ringRoutes(parts.host, parts.changed));
  if (parts.host.saml !== null) app.route("/", samlBehindRoutes(parts.host, parts.host.saml));
  app.use("*", companyHost(door));
  app.route("/", signInRoutes(door));
  app.route("/", tokenRoutes(door));
  app.route("/", signInWithRoutes(door));
  app.route("/", secondFactorRoutes(door));
  app.route("/", signInByLinkRoutes(door));
  app.route("/", slackRoutes(door, reader));
  if (parts.local !== null) app.route("/", localOperatorRoutes({ host: parts.host, ...parts.local }));
  app.route("/", docsPages(parts.docsFile ?? null));
  app.use("/api/companies/*", identify(door), guardInput());
  app.route("/api", myCompanyRoutes());
  app.use("/api/v1/*", identify(door), tellOfChange(parts.changed), guardInput(), conditionalGet(), idempotency());
  app.route("/api/v1", alertRoutes(reader));
  app.route("/api/v1", auditRoutes());
  app.route("/api/v1", budgetOverviewRoutes(reader));
  app.route("/api/v1", budgetRoutes(reader));
  app.route("/api/v1", unitMetricRoutes(reader));
  app.route("/api/v1", companyRoutes());
  app.route("/api/v1", costRoutes(reader));
  if (exporter !== undefined) app.route("/api/v1", exportRoutes(exporter)).route("/api/v1", toldFileRoutes(exporter));
  app.route("/api/v1", forecastingRoutes(reader));
  app.route("/api/v1", inboxRoutes());
  app.route("/api/v1", keyRoutes());
  app.route("/api/v1", onCallRoutes(chainsOfSchedule));
  app.route("/api/v1", peopleRoutes());
  app.route("/api/v1", accessRoutes(reader));
  app.route(
    "/api/v1",
    approvalRoutes(
      [...budgetChanges, ...companyChanges, ...keyChanges, ...peopleChanges, ...sourceChanges] as ChangeKind[],
      [...budgetPolicies, ...companyPolicies, ...keyPolicies, ...peoplePolicies, ...sourcePolicies],
    ),
  );
  app.route("/api/v1", proofRoutes(reader));
  app.route("/api/v1", liveRoutes({ door, live: parts.live ?? createDatabaseEvents(parts.host.db) }));
  app.route("/api/v1", sessionRoutes());
  app.route("/api/v1", signInSetupRoutes());
  app.route("/api/v1", sourceRoutes(bills));
  app.route("/api/v1", dashboardRoutes());
  app.route("/api/v1", reportRoutes(reader));
  app.route("/api/v1", scheduleRoutes());
  if (printer !== undefined) app.route("/api/v1", printRoutes({ printer, reader }));
  app.route("/api/v1", viewRoutes());
  app.route("/api/v1", provisioningRoutes());
  app.use("/scim/v2/*", identify(door), tellOfChange(parts.changed), guardInput());
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

async function doLater({ log }: Host, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log.error({ err: error }, "what an answer did not wait for failed");
  }
}
