import { waitUntil } from "cloudflare:workers";
import { createApi } from "@finops/api/app";
import type { LiveUpgrade } from "@finops/api/live";
import { createStreamedExporter } from "@finops/capabilities/exports/index";
import { createPermissionUses } from "@finops/platform/access/permission-uses";
import { createRefusals } from "@finops/platform/audit/refusals";
import { readLiveEvents } from "@finops/platform/events/database-events";
import { ClickHouseStore } from "@finops/warehouse/engines/clickhouse/clickhouse-store";
import { openWebConnection } from "@finops/warehouse/engines/clickhouse/web-connection";
import { createEdgeRateLimiter } from "./edge-rate-limiter.ts";
import type { Env } from "./env.ts";
import { noPrinter } from "./no-printer.ts";
import { openNodeBehind } from "./node-behind.ts";
import { roomOf } from "./room-of.ts";
import { servePage } from "./serve-page.ts";
import { createWorkerHost, requireSetting, type WorkerHost } from "./worker-host.ts";

export interface WorkerApi {
  host: WorkerHost;
  /** Answers a request, and ends what belongs to it. */
  fetch(request: Request, upgrade?: LiveUpgrade): Promise<Response>;
}

const clickHouseLimits = { memoryMb: 4096, timeoutMs: 30_000 };

/** The API as every host has it; made once for an isolate, since it holds nothing of any request. */
export function createWorkerApi(env: Env): WorkerApi {
  const nodeBehind = openNodeBehind(env.FINOPS_NODE_ORIGIN ?? "", requireSetting(env, "FINOPS_PUBLIC_URL"));
  const host = createWorkerHost(env, nodeBehind);
  const refusals = createRefusals();
  const uses = createPermissionUses();
  const connection = openWebConnection({ url: requireSetting(env, "FINOPS_CLICKHOUSE_URL"), ...clickHouseLimits });
  const store = new ClickHouseStore(connection);
  const api = createApi({
    host,
    store,
    engine: { exporter: createStreamedExporter(store), printer: noPrinter },
    engineBehind: nodeBehind,
    local: null,
    refusals,
    uses,
    // Any request may be cut off, with all that it was about to bring about.
    waitsForOthers: false,
    live: {
      read: (...question) => readLiveEvents(host.db, ...question),
      // Who listens is woken by a Durable Object (live-room.ts), which reads by position.
      wake: () => Promise.reject(new Error("no reader waits within a request")),
    },
    limiter: createEdgeRateLimiter({ minute: env.RATE_MINUTE, signIn: env.RATE_SIGN_IN, account: env.RATE_ACCOUNT }),
    // Cloudflare sets it, whatever the client sends.
    addressOf: (c) => c.req.header("cf-connecting-ip") ?? null,
    changed: (tenantId) => waitUntil(roomOf(env, tenantId).ring()),
    later: (work) =>
      waitUntil(
        work().catch((error: unknown) => host.log.error({ err: error }, "what an answer did not wait for failed")),
      ),
    isReady: () => isReady(host),
  });
  api.get("*", (c) => servePage(env.ASSETS, c.req.raw));
  return {
    host,
    fetch: (request, upgrade = {}) =>
      host.db.forRequest(env.DB.connectionString, async () => {
        const answer = await api.fetch(request, upgrade);
        // No timer outlives a request here, so what was counted is written with it.
        waitUntil(Promise.all([refusals.flush(), uses.flush()]));
        return answer;
      }),
  };
}

async function isReady({ db }: WorkerHost): Promise<boolean> {
  return db
    .inDirectory((tx) => tx.$queryRaw`select 1`)
    .then(
      () => true,
      () => false,
    );
}
