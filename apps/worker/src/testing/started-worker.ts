import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { unstable_startWorker } from "wrangler";
import { startTestPooler } from "@finops/platform/testing/pooler";

/** The Worker in workerd, as wrangler.jsonc describes it, with stores of a test. */
export interface StartedWorker {
  url: string;
  /** Lets the Cron Trigger go off. */
  goOff(): Promise<void>;
  stop(): Promise<void>;
}

/** The pooler stands where Hyperdrive does: its connections to PostgreSQL outlive requests, and are given out by the transaction. */
const poolerConnectionsMax = 10;
const folder = fileURLToPath(new URL("../..", import.meta.url));

export async function startWorker(stores: {
  appUrl: string;
  clickHouseUrl: string;
  outsideUrl: string;
  /** Any free one, where it is left out. */
  port?: number;
  /** Of those who share its database; one of its own, where it is left out. */
  masterKey?: string;
  /** Where a Node process on the same stores makes files and reads bills, and their bucket. */
  behind?: { origin: string; bucketUrl: string };
}): Promise<StartedWorker> {
  const state = mkdtempSync(join(tmpdir(), "finops-worker-"));
  const [pooler, port] = [
    await startTestPooler(stores.appUrl, poolerConnectionsMax),
    stores.port ?? (await findPort()),
  ];
  const url = `http://localhost:${port}`;
  const env = { ...process.env, CI: "1", WRANGLER_SEND_METRICS: "false", WRANGLER_LOG: "error" };
  execFileSync(process.execPath, ["build.mjs"], { cwd: folder });
  execFileSync(
    "node_modules/.bin/wrangler",
    ["d1", "migrations", "apply", "EDGE", "--local", "--env", "dev", "--persist-to", state],
    { cwd: folder, env, stdio: "pipe" },
  );
  const text = (value: string) => ({ type: "plain_text" as const, value });
  process.env["CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_DB"] = pooler.url;
  const worker = await unstable_startWorker({
    config: join(folder, "wrangler.jsonc"),
    env: "dev",
    ...(stores.behind === undefined ? {} : { entrypoint: join(folder, "src/testing/main-on-s3.ts") }),
    envFiles: [],
    sendMetrics: false,
    // The command reads it from the flags of wrangler.jsonc; this way in does not.
    build: { nodejsCompatMode: "v2" },
    bindings: {
      FINOPS_PUBLIC_URL: text(url),
      FINOPS_CLICKHOUSE_URL: text(stores.clickHouseUrl),
      FINOPS_MASTER_KEY: text(stores.masterKey ?? randomBytes(32).toString("base64")),
      FINOPS_MAIL_API_URL: text(stores.outsideUrl),
      FINOPS_DNS_URL: text(stores.outsideUrl),
      FINOPS_MAIL_API_KEY: text("key of the test"),
      FINOPS_HTTP_ISSUERS: text("1"),
      FINOPS_NODE_ORIGIN: text(stores.behind?.origin ?? ""),
      FINOPS_TEST_BUCKET_URL: text(stores.behind?.bucketUrl ?? ""),
    },
    dev: {
      watch: false,
      inspector: false,
      logLevel: "warn",
      // `--persist-to` of the command means the folder below which `v3` lies.
      persist: join(state, "v3"),
      server: { hostname: "localhost", port },
      // The Worker of static assets stands in front of ours, and knows no triggers.
      testScheduled: true,
    },
  });
  await worker.ready;
  return {
    url,
    async goOff() {
      const answer = await fetch(`${url}/__scheduled?cron=0+*/4+*+*+*`);
      if (!answer.ok) throw new Error(`the trigger answers ${answer.status}: ${await answer.text()}`);
    },
    async stop() {
      await worker.dispose();
      await pooler.stop();
      rmSync(state, { recursive: true, force: true });
    },
  };
}

export function findPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "localhost", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
