import type { EngineBehind } from "@finops/api/engine-behind";
import { createSamlBehind } from "@finops/api/saml-behind";
import { AppError } from "@finops/kernel/app-error";
import { systemClock } from "@finops/kernel/clock";
import { openRequestDatabase, type RequestDatabase } from "@finops/platform/db/request-database";
import { createBucketStore } from "@finops/platform/files/bucket-store";
import { openR2Bucket } from "@finops/platform/files/r2-bucket";
import { companyCreations, type Host } from "@finops/platform/host";
import { noTelemetry } from "@finops/platform/observe/telemetry";
import { readReach, readSignInSetup } from "@finops/platform/identity/oidc/providers";
import { readSlackApp } from "@finops/platform/network/slack-app";
import { createEnvelopeVault } from "@finops/platform/secrets/envelope-vault";
import { parseMasterKeys } from "@finops/platform/secrets/parse-master-keys";
import { createDnsOverHttps } from "./dns-over-https.ts";
import type { Env } from "./env.ts";
import { createHttpMail } from "./http-mail.ts";
import { createIssuerFetch, outsideFetch } from "./outside-fetch.ts";
import { requireUncachedHyperdrive } from "./require-hyperdrive.ts";
import { createWorkerLog } from "./worker-log.ts";

/** A host whose database is asked within `db.forRequest` alone. */
export interface WorkerHost extends Host {
  db: RequestDatabase;
}

/**
 * Everything that differs on Cloudflare Workers, of what is bound.
 * @param nodeBehind a process that runs on Node; null where none is
 * @throws precondition for a setting that is missing
 */
export function createWorkerHost(env: Env, nodeBehind: EngineBehind | null): WorkerHost {
  requireUncachedHyperdrive(env.FINOPS_HYPERDRIVE_CACHING);
  const db = openRequestDatabase();
  const masterKeys = parseMasterKeys(requireSetting(env, "FINOPS_MASTER_KEY").split(","), "FINOPS_MASTER_KEY");
  const vault = createEnvelopeVault(db, () => masterKeys);
  return {
    db,
    files: createBucketStore(openR2Bucket(env.FILES)),
    clock: systemClock,
    log: createWorkerLog(env.FINOPS_LOG ?? "warn"),
    // Cloudflare keeps traces and figures of a Worker itself.
    telemetry: noTelemetry,
    mail: createHttpMail({
      url: requireSetting(env, "FINOPS_MAIL_API_URL"),
      key: requireSetting(env, "FINOPS_MAIL_API_KEY"),
      from: requireSetting(env, "FINOPS_MAIL_FROM"),
    }),
    vault,
    outside: { isHttpAllowed: readReach(settingsOf(env)).isHttpAllowed, fetch: outsideFetch },
    slack: readSlackApp(settingsOf(env)),
    signIn: readSignInSetup(settingsOf(env), () => createIssuerFetch(env.CACHE)),
    // What checks signatures of XML runs on Node (decision 13).
    saml: nodeBehind === null ? null : createSamlBehind({ vault, clock: systemClock }, nodeBehind),
    baseUrl: requireSetting(env, "FINOPS_PUBLIC_URL").replace(/\/+$/, ""),
    domains: createDnsOverHttps(env["FINOPS_DNS_URL"] || "https://cloudflare-dns.com/dns-query"),
    companyCreation: companyCreations.find((one) => one === env.FINOPS_COMPANY_CREATION) ?? "owners",
  };
}

export function requireSetting(env: Env, name: `FINOPS_${string}`): string {
  const value = env[name] ?? "";
  if (value === "")
    throw new AppError("precondition", `Set ${name} for this environment (docs/guides/deploy-cloudflare.md).`);
  return value;
}

/** What is text, beside what is bound. */
function settingsOf(env: Env): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
