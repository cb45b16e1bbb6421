import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "@finops/kernel/clock";
import type { CostAnswer, CostFilter, CostQueryInput } from "@finops/capabilities/costs/contract";
import type { Database } from "@finops/platform/db/database";
import { createSession } from "@finops/platform/identity/sessions";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import { createTenant } from "@finops/platform/tenancy/tenants";
import { visitFilters } from "./dashboard.ts";

/** A company of a process set, and its owner, who asks whichever process is named. */
export interface SetCompany {
  /** Throws for every answer that is no success, with what it said. */
  ask<T>(url: string, path: string, sent?: { method?: string; body?: string | Uint8Array<ArrayBuffer> }): Promise<T>;
  costs(url: string, query: CostQueryInput): Promise<CostAnswer>;
  /** Uploads the files of a folder and queues their import; settles when it is queued, with what waits for its end. */
  queueImport(url: string, folder: string): Promise<() => Promise<void>>;
}

/** Nobody waits longer for a page, and a bench that nobody watches must come to its end. */
const answerMaxMs = 60_000;

export async function makeSetCompany(db: Database, slug: string): Promise<SetCompany> {
  const { id: tenantId } = await createTenant(db, { slug, name: slug });
  const userId = await ensureUser(db, { email: `owner@${slug}.example`, name: slug });
  await setMember(db, tenantId, userId, "owner");
  const { token } = await createSession(db, systemClock, { tenantId, userId, method: "link" });
  const headers = { cookie: `__Host-finops_session=${token}`, "x-finops-request": "1" };
  const ask: SetCompany["ask"] = async <T>(
    url: string,
    path: string,
    { method, body }: Parameters<SetCompany["ask"]>[2] = {},
  ) => {
    const type = typeof body === "string" ? "application/json" : "application/octet-stream";
    const answer = await fetch(`${url}${path}`, {
      method: method ?? (body === undefined ? "GET" : "POST"),
      headers: { ...headers, ...(body === undefined ? {} : { "content-type": type }) },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(answerMaxMs),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`);
    return (await answer.json()) as T;
  };
  return {
    ask,
    costs: (url, query) => ask<CostAnswer>(url, "/api/v1/cost/query", { body: JSON.stringify(query) }),
    async queueImport(url, folder) {
      const { id } = await ask<{ id: string }>(url, "/api/v1/imports", { method: "POST" });
      for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((one) => /\.\w+$/.test(one)))
        await ask(url, `/api/v1/imports/${id}/file?name=${encodeURIComponent(basename(name))}`, {
          method: "PUT",
          body: new Uint8Array(readFileSync(join(folder, name))),
        });
      await ask(url, `/api/v1/imports/${id}/start`, { body: "{}" });
      return async () => {
        for (;;) {
          const { state } = await ask<{ state: string }>(url, `/api/v1/imports/${id}`);
          if (state === "done") return;
          if (state === "failed" || state === "cancelled") throw new Error(`An import is ${state}.`);
          await sleep(200);
        }
      };
    },
  };
}

/** Filters for so many visits of the company's costs, of which no two are the same. */
export async function filtersOf(
  company: SetCompany,
  url: string,
  period: CostQueryInput["period"],
  count: number,
): Promise<CostFilter[]> {
  const valuesOf = async (dimension: string) => {
    const { rows } = await company.costs(url, { measures: ["effectiveCost"], groupBy: [dimension], period });
    return rows.map((row) => row.key[dimension]).filter((value) => typeof value === "string");
  };
  return visitFilters(await valuesOf("subAccountId"), await valuesOf("serviceName"), count);
}
