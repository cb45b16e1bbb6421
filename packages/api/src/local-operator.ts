import { AppError } from "@finops/kernel/app-error";
import { hashToken } from "@finops/platform/identity/tokens";
import type { Host } from "@finops/platform/host";
import { createCompanyOf, toSummary } from "@finops/capabilities/companies/index";
import { resetSecondFactorOf } from "@finops/capabilities/sign-in/index";
import type { Rotation } from "@finops/platform/secrets/rotate-secrets";
import { setCompanyState, startLeaving } from "@finops/platform/tenancy/company-state";
import { createSystemContext } from "@finops/platform/tenancy/context";
import { createTenant, findTenant, getTenant, listTenants, type Tenant } from "@finops/platform/tenancy/tenants";
import { Hono } from "hono";
import * as z from "zod";

export interface LocalOperatorParts {
  host: Host;
  /** The key of commands on the same machine. */
  localKey: string;
  createLink(tenant: Tenant): Promise<string>;
  /** Deletes a company at once, with its files and costs. */
  removeCompany(tenantId: string): Promise<void>;
  /** Seals all secrets under another master key. */
  rotateSecrets(): Promise<Rotation>;
  /** Makes new data keys, and says how many. */
  renewDataKeys(): Promise<number>;
}

const StateInput = z.strictObject({
  state: z.enum(["active", "read-only", "locked"]),
  reason: z.string().trim().max(500).default(""),
});

/** What `finops` does on a folder that a server runs on: only for who can read the folder, and so has its key. */
export function localOperatorRoutes({
  host,
  localKey,
  createLink,
  removeCompany,
  rotateSecrets,
  renewDataKeys,
}: LocalOperatorParts): Hono {
  const app = new Hono();
  app.use("/api/local/*", async (c, next) => {
    const key = /^Bearer (\S+)$/.exec(c.req.header("authorization") ?? "")?.[1] ?? "";
    if ((await hashToken(key)) !== (await hashToken(localKey)))
      throw new AppError("unauthenticated", "This is for commands on the machine itself.");
    await next();
  });
  app.post("/api/local/tenants", async (c) => {
    const { slug } = await c.req.json<{ slug?: unknown }>();
    if (typeof slug !== "string") throw new AppError("invalid", "Name the company.");
    const tenant = (await findTenant(host.db, slug)) ?? (await createTenant(host.db, { slug, name: slug }));
    return c.json({ slug: tenant.slug });
  });
  app.post("/api/local/link", async (c) =>
    c.json({ link: await createLink(await getTenant(host.db, c.req.header("x-finops-tenant") ?? "")) }),
  );
  app.get("/api/local/companies", async (c) => c.json({ companies: (await listTenants(host.db)).map(toSummary) }));
  app.post("/api/local/companies", async (c) =>
    c.json(toSummary(await createCompanyOf(host, await c.req.json<unknown>())), 201),
  );
  app.put("/api/local/companies/:slug/state", async (c) => {
    const tenant = await getTenant(host.db, c.req.param("slug"));
    const { data, error } = StateInput.safeParse(await c.req.json<unknown>());
    if (error)
      throw new AppError("invalid", "state: Use active, read-only or locked, with a reason of 500 letters at most.");
    await setCompanyState(operatorOf(host, tenant), data);
    return c.json(toSummary(await getTenant(host.db, tenant.slug)));
  });
  app.delete("/api/local/companies/:slug", async (c) => {
    const tenant = await getTenant(host.db, c.req.param("slug"));
    if (c.req.query("now") === "true") {
      await removeCompany(tenant.id);
      return c.json({ leavesAt: null });
    }
    return c.json({ leavesAt: (await startLeaving(operatorOf(host, tenant))).toISOString() });
  });
  app.delete("/api/local/companies/:slug/second-factors/:email", async (c) => {
    const tenant = await getTenant(host.db, c.req.param("slug"));
    await resetSecondFactorOf(operatorOf(host, tenant), c.req.param("email"));
    return c.body(null, 204);
  });
  app.post("/api/local/secrets/rotate", async (c) => c.json(await rotateSecrets()));
  app.post("/api/local/secrets/renew", async (c) => c.json({ renewed: await renewDataKeys() }));
  return app;
}

function operatorOf(host: Host, tenant: Tenant) {
  return createSystemContext(host, tenant.id, "operator", "cli");
}
