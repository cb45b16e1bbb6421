import { findFullReads, recordStatements } from "@finops/platform/testing/record-statements";
import { seedCompanies } from "@finops/platform/testing/seed-companies";
import { newId } from "@finops/kernel/id";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeApi } from "../../openapi-document.ts";
import { addressOf, listOperations } from "./api-operations.ts";
import { createTwoCompanies, inThirtyDays, type TwoCompanies } from "./two-companies.ts";
import { bodyOf, walkCompany, withId } from "./walk-company.ts";

const companies = 5_000;
const rowsMax = 1_000;

/** The directory's functions are not seen here: PostgreSQL does not say how it would run what stands inside of them. */
let two: TwoCompanies;

beforeAll(async () => {
  two = await createTwoCompanies(1);
  await seedCompanies(two.test.database.adminUrl, two.theirs.tenantId, companies);
}, 120_000);
afterAll(() => two.close());

it("finds a company's rows among those of 5,000 by an index, whatever is asked", async () => {
  const { ours } = two;
  const { periods } = await ours.ask<{ periods: { position: string }[] }>("GET", "/api/v1/datasets");
  const operations = listOperations(describeApi(two.api), {
    position: periods.at(-1)!.position,
    company: ours.slug,
    companyName: `Company ${ours.word}`,
    person: ours.userId,
    personId: ours.userId,
    subject: { kind: "person", id: ours.userId },
    validUntil: inThirtyDays(),
  });
  const statements = await recordStatements(async () => {
    const { ids } = await walkCompany(ours, operations);
    for (const operation of operations.filter(({ isReading, method }) => !isReading && method !== "DELETE")) {
      const id = ids.get(`GET ${operation.path}`)?.[0] ?? newId();
      const request = operation.pathIds.length === 0 ? operation.request : withId(operation, id);
      await ours.send(operation.method, addressOf(operation, request), bodyOf(request));
    }
  });
  const { tables, faults } = await findFullReads(two.test.database.appUrl, ours.tenantId, statements, rowsMax);
  process.stdout.write(`${statements.length} statements over ${tables.length} tables of ${companies} companies\n`);
  expect([statements.length > 200, tables.length > 40]).toEqual([true, true]);
  expect(faults).toEqual([]);
}, 120_000);

it("would tell of one that has no index", async () => {
  const text = "select id from work_item where kind = $1";
  // Who is above the policies has no company to look for.
  const { faults } = await findFullReads(two.test.database.adminUrl, newId(), [{ text, values: ["x"] }], rowsMax);
  expect(faults).toEqual([`work_item: ${text}`]);
});
