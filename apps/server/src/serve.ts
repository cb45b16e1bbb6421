import { createServer as createHttpsServer } from "node:https";
import type { IncomingMessage } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { readOrMakeLocalKey } from "@finops/platform/data-folder";
import { createPermissionUses } from "@finops/platform/access/permission-uses";
import { createRefusals } from "@finops/platform/audit/refusals";
import { startWorker } from "@finops/platform/jobs/worker";
import { createApi } from "@finops/api/app";
import { askForDueBudgets, evaluateBudgetsJob } from "@finops/capabilities/budgets/index";
import {
  companyExportJob,
  companyExportPool,
  proveDomainsAgain,
  removeCompany,
  removeDueCompanies,
} from "@finops/capabilities/companies/index";
import { importJob, reprocessJob } from "@finops/capabilities/sources/index";
import { AppError } from "@finops/kernel/app-error";
import type { Logger } from "@finops/platform/observe/log";
import type { EmbeddedHost } from "./embedded-host.ts";
import { demoDataJob } from "./import-demo.ts";
import { createOwnerLink } from "./owner-link.ts";
import type { RedisParts } from "./redis-parts.ts";
import { serveLive } from "./serve-live.ts";
import { serveWeb } from "./serve-web.ts";
import { localUrl, type TlsFiles } from "./tls-files.ts";

export interface Served {
  url: string;
  stop(): Promise<void>;
}

interface ServeOptions {
  port: number;
  webDir: string | null;
  /** For HTTPS; without it, plain HTTP. */
  tls?: TlsFiles | null;
  /** How many rows the demo's bills have that a company gets who asks for them. */
  demoRows?: number;
  /** How many proxies in front are believed in what they say of a request. */
  trustedProxies?: number;
  /** The header in which they say the country of an address. */
  countryHeader?: string | null;
  /** What is shared with other processes; left out, nothing. */
  redis?: RedisParts | null;
}

const demoRowsUsual = 300_000;
const roundMs = 3_600_000;

/** Serves the API and the web app, and works off imports, until it is stopped. */
export async function serve(embedded: EmbeddedHost, options: ServeOptions): Promise<Served> {
  const { tls = null, trustedProxies = 0, countryHeader = null, redis = null } = options;
  const { host, store, pipeline, folder } = embedded;
  const worker = await startWorker({
    db: host.db,
    log: host.log,
    name: `server ${process.pid}`,
    pool: "imports",
    handlers: {
      import: importJob(host, pipeline),
      reprocess: reprocessJob(host, pipeline),
      "evaluate-budgets": evaluateBudgetsJob(host, store),
      "demo-data": demoDataJob(embedded, options.demoRows ?? demoRowsUsual),
    },
  });
  const exporter = await startWorker({
    db: host.db,
    log: host.log,
    name: `server ${process.pid}`,
    pool: companyExportPool,
    handlers: { "company-export": companyExportJob(host, { store, pipeline }) },
  });
  const removal = { host, pipeline };
  const rounds = [() => removeDueCompanies(removal), () => proveDomainsAgain(host), () => askForDueBudgets(host)].map(
    (work) => startRound(work, host.log),
  );
  const isReady = () =>
    host.db
      .inDirectory((tx) => tx.$queryRaw`select 1 as one`)
      .then(
        () => true,
        () => false,
      );
  let url = host.baseUrl;
  const refusals = createRefusals();
  const uses = createPermissionUses();
  const api = createApi({
    host,
    refusals,
    trustedProxies,
    countryHeader,
    uses,
    // Who is at the other end of the connection. Headers that claim another address come from anybody.
    addressOf: (c) => {
      const request = (c.env as { incoming?: IncomingMessage } | undefined)?.incoming;
      return request?.socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, "") ?? null;
    },
    store,
    pipeline,
    isReady,
    ...(redis === null ? {} : { limiter: redis.limiter, live: redis.live }),
    local: {
      localKey: readOrMakeLocalKey(folder.root),
      createLink: (tenant) => createOwnerLink(host, tenant, url),
      removeCompany: async (tenantId) => void (await removeCompany(removal, tenantId, { isDue: false })),
      rotateSecrets: embedded.rotateSecrets,
      renewDataKeys: embedded.renewDataKeys,
    },
  });
  if (options.webDir !== null) serveWeb(api, options.webDir);
  const server = createAdaptorServer({
    fetch: api.fetch,
    // A filter may stand in an address, and Node's own bound of 16 KiB is too narrow for it.
    serverOptions: { maxHeaderSize: 131_072, ...tls },
    ...(tls === null ? {} : { createServer: createHttpsServer }),
  });
  const live = serveLive(server, { fetch: api.fetch });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new AppError(
              "precondition",
              `Port ${options.port} is in use. Choose another one with PORT=${options.port + 1}.`,
            )
          : error,
      ),
    );
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const address = server.address();
  url = localUrl(typeof address === "object" && address !== null ? address.port : options.port, tls);
  embedded.announce(url);
  return {
    url,
    async stop() {
      live.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      if ("closeAllConnections" in server) server.closeAllConnections();
      await Promise.all([closed, worker.stop(), exporter.stop(), ...rounds.map((round) => round.stop())]);
      await Promise.all([refusals.flush(), uses.flush()]);
    },
  };
}

/** Does something at once and each hour from then on, one time after the other. What goes wrong is tried again. */
function startRound(work: () => Promise<unknown>, log: Logger): { stop(): Promise<void> } {
  const once = () => work().catch((error: unknown) => log.error({ err: error }, "a round failed; it is tried again"));
  let running = once();
  const timer = setInterval(() => {
    running = running.then(once);
  }, roundMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
