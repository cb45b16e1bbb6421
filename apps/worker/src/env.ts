import type {
  D1Database,
  DurableObjectNamespace,
  Fetcher,
  Hyperdrive,
  KVNamespace,
  Queue,
  R2Bucket,
  RateLimit,
} from "@cloudflare/workers-types";
import type { Round } from "./rounds.ts";

/** What wrangler.jsonc binds, and the secrets beside it. */
export interface Env {
  /** PostgreSQL as `finops_app`; its caching of queries is off (require-hyperdrive.ts). */
  DB: Hyperdrive;
  FILES: R2Bucket;
  /** What may be stale for a while. */
  CACHE: KVNamespace;
  /** Feature flags. */
  EDGE: D1Database;
  ASSETS: Fetcher;
  LIVE: DurableObjectNamespace;
  ROUNDS: Queue<Round>;
  RATE_MINUTE: RateLimit;
  RATE_SIGN_IN: RateLimit;
  RATE_ACCOUNT: RateLimit;
  FINOPS_PUBLIC_URL: string;
  FINOPS_HYPERDRIVE_CACHING: string;
  FINOPS_CLICKHOUSE_URL: string;
  FINOPS_MASTER_KEY: string;
  FINOPS_MAIL_API_URL: string;
  FINOPS_MAIL_API_KEY: string;
  FINOPS_MAIL_FROM: string;
  FINOPS_COMPANY_CREATION?: string;
  /** Of a Node process on the same stores, which makes files and reads bills. */
  FINOPS_NODE_ORIGIN?: string;
  FINOPS_LOG?: string;
  /** Those of ways to sign in, as they are called on every host. */
  [setting: `FINOPS_${string}`]: string | undefined;
}
