import { AppError } from "@finops/kernel/app-error";
import { hashToken } from "@finops/platform/identity/tokens";
import type { Host } from "@finops/platform/host";
import type { Rotation } from "@finops/platform/secrets/rotate-secrets";
import { createTenant, findTenant, getTenant, type Tenant } from "@finops/platform/tenancy/tenants";
import { Hono } from "hono";

export interface LocalOperatorParts {
  host: Host;
  /** The key of commands on the same machine. */
  localKey: string;
  createLink(tenant: Tenant): Promise<string>;
  /** Seals all secrets under another master key. */
  rotateSecrets(): Promise<Rotation>;
}

/** What `finops` does on a folder that a server runs on: only for who can read the folder, and so has its key. */
export function localOperatorRoutes({ host, localKey, createLink, rotateSecrets }: LocalOperatorParts): Hono {
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
  app.post("/api/local/secrets/rotate", async (c) => c.json(await rotateSecrets()));
  return app;
}
