import { AppError } from "@finops/kernel/app-error";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { createTenant, type Tenant } from "../tenancy/tenants.ts";
import { openRequestDatabase } from "./request-database.ts";

let test: TestDatabase;
let companies: Tenant[];
beforeAll(async () => {
  test = await createTestDatabase();
  companies = await Promise.all(
    ["acme", "beta", "gamma"].map((slug) => createTenant(test.db, { slug, name: slug, currency: "USD" })),
  );
});
afterAll(() => test.drop());

it("answers requests that meet, each with its own company's rows on its own connections", async () => {
  const db = openRequestDatabase();
  const inRequest = ({ id }: Tenant) =>
    db.forRequest(test.appUrl, () =>
      db.inTenant(id, async (tx) => {
        const [{ pid }] = await tx.$queryRaw<[{ pid: number }]>`select pg_backend_pid() as pid`;
        // Prisma gathers what is asked in this way, for all who use the same client.
        const found = await tx.tenant.findUniqueOrThrow({ where: { id } });
        return { pid, slug: found.slug };
      }),
    );
  for (let round = 0; round < 3; round++) {
    const answers = await Promise.all(companies.map(inRequest));
    expect(answers.map(({ slug }) => slug)).toEqual(["acme", "beta", "gamma"]);
    expect(new Set(answers.map(({ pid }) => pid)).size).toBe(3);
  }
});

it("goes on after work that failed while it still asked", async () => {
  const db = openRequestDatabase();
  const [acme] = companies as [Tenant];
  const find = () => db.inTenant(acme.id, (tx) => tx.tenant.findUniqueOrThrow({ where: { id: acme.id } }));
  await db.forRequest(test.appUrl, async () => {
    const failed = db.inTenant(acme.id, async (tx) => {
      const asked = tx.tenant.findUnique({ where: { id: acme.id } }).catch(() => null);
      throw new AppError("not_found", "There is no such thing.", { internal: String(typeof asked) });
    });
    await expect(failed).rejects.toThrow("There is no such thing.");
    expect((await find()).slug).toBe("acme");
  });
  expect((await db.forRequest(test.appUrl, find)).slug).toBe("acme");
});

it("is asked within a request only", async () => {
  const db = openRequestDatabase();
  await expect(db.askDirectory((tx) => tx.$queryRaw`select 1`)).rejects.toMatchObject({
    internal: "the database was asked outside of a request",
  });
});
