import { createServer as createHttpsServer } from "node:https";
import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { createAdaptorServer } from "@hono/node-server";
import { readOrMakeLocalKey } from "@finops/platform/data-folder";
import { createPermissionUses } from "@finops/platform/access/permission-uses";
import { createRefusals } from "@finops/platform/audit/refusals";
import { createApi } from "@finops/api/app";
import { createEngineParts } from "@finops/api/engine-parts";
import { readSwaggerFile } from "@finops/api/swagger-files";
import { healthRoutes } from "@finops/api/health-routes";
import { removeCompany } from "@finops/capabilities/companies/on-node";
import { AppError } from "@finops/kernel/app-error";
import type { Database } from "@finops/platform/db/database";
import type { ServerHost } from "./host-parts.ts";
import { createOwnerLink } from "./owner-link.ts";
import { packAnswers } from "./pack-answers.ts";
import type { RedisParts } from "./redis-parts.ts";
import { serveLive } from "./serve-live.ts";
import { serveWeb } from "./serve-web.ts";
import { localUrl, type TlsFiles } from "./tls-files.ts";
import { startWork, type Work } from "./work.ts";

export interface Served {
  url: string;
  stop(): Promise<void>;
}

interface ServeOptions {
  port: number;
  webDir: string | null;
  /** Where requests are listened for; left out, this machine alone. */
  listenHost?: string;
  /** Left out, all. */
  role?: "all" | "api" | "worker";
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
  /** How it ends; left out, as one process does whose users wait for nothing else: at once. */
  ending?: Ending;
}

/** How a process ends whose place others take. */
export interface Ending {
  /** How long it still takes requests after it said that it is not ready: until then those who send them know. */
  drainMs: number;
  /** How long what is under way may take, requests and work. */
  graceMs: number;
}

const atOnce: Ending = { drainMs: 0, graceMs: 0 };
/** Work is given a moment in any case: what is nearly done need not be done again. */
const workGraceMinMs = 5_000;
const demoRowsUsual = 300_000;
/** Who asks whether a process is ready gives up after some seconds: one whose database is silent says so before. */
const readyMaxMs = 2_000;
/** Longer than the minute after which proxies close a connection themselves: one that ends while a request comes is a 502. */
const keepAliveMs = 75_000;

/** Serves the API and the web app, and works off imports, as far as that is the role of the process, until it is stopped. */
export async function serve(server: ServerHost, options: ServeOptions): Promise<Served> {
  const { role = "all", tls = null, ending = atOnce, listenHost = "127.0.0.1" } = options;
  let isEnding = false;
  const isReady = async () => (await answersWithin(server.host.db, readyMaxMs)) && !isEnding;
  let url = server.host.baseUrl;
  const door = role === "worker" ? doorOfWorker(isReady) : doorOfApi(server, options, isReady, () => url);
  const http = createAdaptorServer({
    fetch: door.fetch,
    // A filter may stand in an address, and Node's own bound of 16 KiB is too narrow for it.
    serverOptions: { maxHeaderSize: 131_072, keepAliveTimeout: keepAliveMs, ...tls },
    ...(tls === null ? {} : { createServer: createHttpsServer }),
  });
  const live = role === "worker" ? null : serveLive(http, { fetch: door.fetch });
  if (live !== null)
    server.host.telemetry.watch(["finops.live.connections"], () =>
      Promise.resolve({ "finops.live.connections": [[live.count(), {}]] }),
    );
  await listen(http, options.port, listenHost);
  const address = http.address();
  url = localUrl(typeof address === "object" && address !== null ? address.port : options.port, tls);
  server.announce(url);
  const work = role === "api" ? null : await startWork(server, { demoRows: options.demoRows ?? demoRowsUsual });
  return {
    url,
    async stop() {
      isEnding = true;
      const workEnds = stopWork(work, ending);
      if (ending.drainMs > 0) await sleep(ending.drainMs);
      live?.stop();
      await Promise.all([close(http, ending.graceMs), workEnds]);
      await door.flush();
    },
  };
}

/** What answers requests, and what is to be written of them at the end. */
interface RequestDoor {
  fetch: HttpFetch;
  flush(): Promise<void>;
}

type HttpServer = ReturnType<typeof createAdaptorServer>;
type HttpFetch = ReturnType<typeof createApi>["fetch"];

/** Nobody works through it: it tells those who look after the process how it is. */
function doorOfWorker(isReady: () => Promise<boolean>): RequestDoor {
  return { fetch: healthRoutes(isReady).fetch, flush: () => Promise.resolve() };
}

function doorOfApi(
  { host, store, pipeline, folder, isAlone, rotateSecrets, renewDataKeys }: ServerHost,
  { trustedProxies = 0, countryHeader = null, redis = null, webDir }: ServeOptions,
  isReady: () => Promise<boolean>,
  url: () => string,
): RequestDoor {
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
    engine: createEngineParts({ store, pipeline }),
    docsFile: readSwaggerFile,
    isReady,
    ...(redis === null ? {} : pickRedisParts(redis)),
    local: {
      localKey: readOrMakeLocalKey(folder.root),
      createLink: (tenant) => createOwnerLink(host, tenant, isAlone ? url() : host.baseUrl),
      removeCompany: async (tenantId) => void (await removeCompany({ host, pipeline }, tenantId, { isDue: false })),
      rotateSecrets,
      renewDataKeys,
    },
  });
  if (webDir !== null) serveWeb(api, webDir);
  return {
    fetch: packAnswers(api.fetch),
    async flush() {
      await Promise.all([refusals.flush(), uses.flush()]);
    },
  };
}

function pickRedisParts({ limiter, live, answers, processes }: RedisParts) {
  return { limiter, live, answers, processes };
}

async function stopWork(work: Work | null, { drainMs, graceMs }: Ending): Promise<void> {
  // The time in which requests still come is time for work as well.
  await work?.stop({ graceMs: Math.max(workGraceMinMs, drainMs + graceMs) });
}

function listen(http: HttpServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once("error", (error: NodeJS.ErrnoException) => reject(cannotListen(error, port, host)));
    http.listen(port, host, resolve);
  });
}

async function answersWithin(db: Database, maxMs: number): Promise<boolean> {
  const giveUp = new AbortController();
  const answers = db
    .inDirectory((tx) => tx.$queryRaw`select 1 as one`)
    .then(
      () => true,
      () => false,
    );
  const late = sleep(maxMs, false, { signal: giveUp.signal }).catch(() => false);
  return Promise.race([answers, late]).finally(() => giveUp.abort());
}

function cannotListen(error: NodeJS.ErrnoException, port: number, host: string): Error {
  if (error.code === "EADDRINUSE")
    return new AppError("precondition", `Port ${port} is in use. Choose another one with PORT=${port + 1}.`);
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND")
    return new AppError(
      "precondition",
      `FINOPS_HOST takes an address of this machine, or 0.0.0.0 for all of them, not "${host}".`,
    );
  return error;
}

/** Takes no more connections, and cuts those off that are still busy after a while. */
async function close(http: HttpServer, graceMs: number): Promise<void> {
  const closed = new Promise((resolve) => http.close(resolve));
  // Those that wait for their next request are nobody's loss; a busy one waits for it only once it was answered.
  const closeIdle = setInterval(() => "closeIdleConnections" in http && http.closeIdleConnections(), 50);
  const cutOff = setTimeout(() => "closeAllConnections" in http && http.closeAllConnections(), graceMs);
  await closed;
  clearInterval(closeIdle);
  clearTimeout(cutOff);
}
