import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "@finops/kernel/clock";
import { allPermissions } from "@finops/platform/access/permissions";
import type { SignInSetup } from "@finops/platform/identity/oidc/providers";
import { type SignInPolicy, signInPolicySection } from "@finops/platform/identity/sign-in-policy";
import { createSession } from "@finops/platform/identity/sessions";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import type { Outbox } from "@finops/platform/mail/outbox";
import { writeSettings } from "@finops/platform/tenancy/company-settings";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import { createTenant } from "@finops/platform/tenancy/tenants";
import { createTestDatabase, type TestDatabase } from "@finops/platform/testing/test-database";
import { createTestHost } from "@finops/platform/testing/test-host";
import { DuckDBStore } from "@finops/warehouse/engines/duckdb/duckdb-store";
import { createApi } from "../app.ts";
import { createBrowser, type TestBrowser } from "./browser.ts";

/** An installation with companies, for tests of signing in. */
export interface SignInHouse {
  test: TestDatabase;
  api: ReturnType<typeof createApi>;
  outbox: Outbox;
  /** Makes a company, reached at `http://<slug>.localhost:3000`. */
  company(slug: string): Promise<HouseCompany>;
  /** Waits for what answers did not wait for. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export interface HouseCompany {
  tenantId: string;
  slug: string;
  origin: string;
  /** May do everything. */
  ctx: Context;
  setPolicy(policy: Partial<SignInPolicy>): Promise<void>;
  member(email: string, role?: string): Promise<string>;
  /** A browser with a session of a member. */
  browserOf(userId: string, method?: string): Promise<TestBrowser>;
  /** Actions of the audit with what they say, newest last. */
  audited(action: string): Promise<unknown[]>;
}

export async function openHouse(parts: { clock?: Clock; signIn?: SignInSetup } = {}): Promise<SignInHouse> {
  const test = await createTestDatabase();
  const root = mkdtempSync(join(tmpdir(), "finops-sign-in-"));
  const store = new DuckDBStore({ root, threads: 1, memoryMb: 256, tenantsMax: 1, generationsMax: 1, timeoutMs: 5000 });
  const host = createTestHost({ db: test.db, ...parts });
  const waiting: Promise<void>[] = [];
  const api = createApi({
    host,
    store,
    engine: null,
    isReady: () => Promise.resolve(true),
    local: null,
    limits: null,
    later: (work) => void waiting.push(work()),
  });
  const settle = async () => {
    await Promise.all(waiting.splice(0));
  };
  return {
    test,
    api,
    outbox: host.mail as Outbox,
    settle,
    async company(slug) {
      const { id: tenantId } = await createTenant(test.db, { slug, name: `Company ${slug}` });
      const actor = { kind: "system", id: "test", name: "test" } as const;
      return {
        tenantId,
        slug,
        origin: `http://${slug}.localhost:3000`,
        ctx: createContext(host, { tenantId, actor, via: "system", permissions: allPermissions }),
        setPolicy: (policy) =>
          test.db.inTenant(tenantId, (tx) =>
            writeSettings(tx, tenantId, signInPolicySection, signInPolicySection.schema.parse(policy)),
          ),
        async member(email, role = "viewer") {
          const userId = await ensureUser(test.db, { email, name: email.split("@")[0]! });
          await setMember(test.db, tenantId, userId, role);
          return userId;
        },
        async browserOf(userId, method = "link") {
          const browser = createBrowser(api);
          const { token } = await createSession(test.db, host.clock, { tenantId, userId, method });
          browser.cookies.set(`${slug}.localhost:3000`, new Map([["__Host-finops_session", token]]));
          return browser;
        },
        async audited(action) {
          const rows = await test.db.inTenant(tenantId, (tx) =>
            tx.auditEntry.findMany({ where: { action }, orderBy: { sequence: "asc" } }),
          );
          return rows.map((row) => row.after ?? row.before);
        },
      };
    },
    async close() {
      await settle();
      await store.close();
      rmSync(root, { recursive: true, force: true });
      await test.drop();
    },
  };
}
