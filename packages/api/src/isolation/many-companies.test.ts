import { systemClock } from "@finops/kernel/clock";
import { createSession } from "@finops/platform/identity/sessions";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import { createTenant } from "@finops/platform/tenancy/tenants";
import { createTestDatabase, type TestDatabase } from "@finops/platform/testing/test-database";
import { createTestHost } from "@finops/platform/testing/test-host";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createApi } from "../app.ts";

const companyCount = 200;
let test: TestDatabase;
let api: ReturnType<typeof createApi>;
const companies: { word: string; cookie: string }[] = [];

beforeAll(async () => {
  test = await createTestDatabase();
  const host = createTestHost({ db: test.db });
  const parts = { host, store: {}, engine: null, isReady: async () => true, local: null };
  api = createApi(parts as unknown as Parameters<typeof createApi>[0]);
  const words = Array.from({ length: companyCount }, (_, number) => `company${String(number).padStart(3, "0")}x`);
  for (let from = 0; from < companyCount; from += 5)
    companies.push(...(await Promise.all(words.slice(from, from + 5).map(makeCompany))));
}, 400_000);
afterAll(() => test.drop());

async function makeCompany(word: string) {
  const { id: tenantId } = await createTenant(test.db, { slug: word, name: word });
  const userId = await ensureUser(test.db, { email: `owner@${word}.example`, name: `Owner of ${word}` });
  await setMember(test.db, tenantId, userId, "owner");
  const { token } = await createSession(test.db, systemClock, { tenantId, userId, method: "link" });
  return { word, cookie: `__Host-finops_session=${token}` };
}

async function send({ cookie }: { cookie: string }, method: string, path: string, body?: unknown): Promise<string> {
  const answer = await api.request(`/api/v1${path}`, {
    method,
    headers: { cookie, "x-finops-request": "1", "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  // A slow machine asks to come again, as it asks any client.
  if (answer.status === 429) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return send({ cookie }, method, path, body);
  }
  if (!answer.ok) throw new Error(`${method} ${path} is answered by ${answer.status} ${text}`);
  return text;
}

it("200 companies that change and ask at once get their own, all of it, and nothing of another", async () => {
  const paths = ["/groups", "/views", "/members", "/audit", "/access/who-can?permission=costs:read"];
  // 200 people at once, each with one request after the other, so that neighbours on a connection are of other companies.
  const visits = companies.map(async (company) => {
    const { word } = company;
    await send(company, "POST", "/groups", { name: `Group of ${word}` });
    await send(company, "POST", "/views", { name: `View of ${word}`, visibility: "company", view: {} });
    const wrong: string[] = [];
    for (const path of paths) {
      const words = new Set((await send(company, "GET", path)).match(/company\d{3}x/g));
      if (words.size !== 1 || !words.has(word)) wrong.push(`${path} of ${word} says ${[...words].join(", ")}`);
    }
    return wrong;
  });
  expect((await Promise.all(visits)).flat()).toEqual([]);
}, 400_000);
