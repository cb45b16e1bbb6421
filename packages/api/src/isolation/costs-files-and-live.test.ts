import { importJob, reprocessJob } from "@finops/capabilities/sources/on-node";
import { parseDecimal, sumTexts } from "@finops/kernel/decimal";
import { newId } from "@finops/kernel/id";
import type { Job } from "@finops/platform/jobs/worker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LiveSocket } from "../live.ts";
import { createForeignSearch, type ForeignSearch } from "./testing/foreign-text.ts";
import { type Answer, type Company, createTwoCompanies, type TwoCompanies } from "./testing/two-companies.ts";

let two: TwoCompanies;
let ours: Company;
let theirs: Company;
let search: ForeignSearch;
/** Their import whose files still come. */
let theirImport: string;

beforeAll(async () => {
  two = await createTwoCompanies(1);
  ({ ours, theirs } = two);
  search = createForeignSearch(theirs, []);
  const { imports } = await theirs.ask<{ imports: { id: string; state: string }[] }>("GET", "/api/v1/imports");
  theirImport = imports.find((job) => job.state === "open")!.id;
}, 180_000);
afterAll(() => two.close());

const period = { start: "2026-10-01", end: "2026-11-01" };
const costsOf = async ({ ask }: Company) => {
  const query = { measures: ["billedCost"], groupBy: ["subAccountId"], period };
  return ask<{ rows: { key: object }[]; totals: { values: { billedCost: { value: string } } }[] }>(
    "POST",
    "/api/v1/cost/query",
    { body: query },
  );
};

describe("costs", () => {
  it("are those of the company's own bill to the last digit, and differ between the two", async () => {
    const sums: string[] = [];
    for (const company of [ours, theirs]) {
      const { rows, totals } = await costsOf(company);
      const lines = company.bill.trimEnd().split("\n").slice(1);
      const billed = sumTexts(lines.map((line) => /^,(-?[\d.]+),/.exec(line)![1]!));
      expect(parseDecimal(totals[0]!.values.billedCost.value).toString()).toBe(billed.toString());
      expect(JSON.stringify(rows)).toContain(company.word);
      sums.push(billed.toString());
    }
    expect(sums[0]).not.toBe(sums[1]);
  });
});

describe("an export", () => {
  const query = { period, columns: ["subAccountId", "resourceId", "billedCost"] };
  const groups = { measures: ["billedCost"], groupBy: ["subAccountId"], period };
  const wishes = [
    ["rows", "csv", query],
    ["rows", "xlsx", query],
    ["rows", "parquet", query],
    ["query", "csv", groups],
    ["query", "xlsx", groups],
    ["focus", "csv", { period }],
  ] as const;

  it.each(wishes)("of %s as %s holds the rows of its own company alone", async (kind, format, what) => {
    const wish = (company: Company, filter?: object): Promise<Answer> =>
      company.send("POST", "/api/v1/export", {
        body: { what: { kind, query: { ...what, ...(filter === undefined ? {} : { filter }) } }, format },
      });
    const [own, others] = [await wish(ours), await wish(theirs)];
    expect([own.status, search.find(own)]).toEqual([200, []]);
    // Parquet is compressed, so its rows are counted instead.
    if (format !== "parquet") expect(search.find(others)).toContain(theirs.word);
    expect(Number(own.headers.get("x-finops-rows"))).toBeGreaterThan(0);
    const asked = await wish(ours, { dimension: "subAccountId", contains: theirs.word });
    expect([asked.status, asked.headers.get("x-finops-rows")]).toEqual([200, "0"]);
  });
});

describe("an upload", () => {
  const filesOf = async (company: Company, id: string) =>
    (await company.ask<{ files: { name: string }[] }>("GET", `/api/v1/imports/${id}`)).files;

  it("reaches no import of another company, whole or in pieces", async () => {
    const before = await filesOf(theirs, theirImport);
    const pieces = { "upload-offset": "0", "upload-length": "8" };
    for (const headers of [{}, pieces])
      for (const id of [theirImport, newId()]) {
        const answer = await ours.send("PUT", `/api/v1/imports/${id}/file?name=a.csv`, { file: "a,b\n1,2\n", headers });
        expect([answer.status, JSON.parse(answer.text)]).toMatchObject([
          404,
          { code: "not_found", detail: "There is no such import, or it was started already." },
        ]);
      }
    expect(await filesOf(theirs, theirImport)).toEqual(before);
  });

  it("cannot climb out of its import by the name of a file", async () => {
    const before = await filesOf(theirs, theirImport);
    const { id } = await ours.ask<{ id: string }>("POST", "/api/v1/imports");
    const names = [
      `../${theirImport}/a.csv`,
      `../../../${theirs.tenantId}/uploads/${theirImport}/a.csv`,
      `..\\..\\..\\${theirs.tenantId}\\uploads\\${theirImport}\\a.csv`,
      `/tenants/${theirs.tenantId}/uploads/${theirImport}/a.csv`,
      `a/../../../../${theirs.tenantId}/uploads/${theirImport}/a.csv`,
    ];
    for (const name of names)
      for (const method of ["PUT", "GET", "DELETE"]) {
        const path = `/api/v1/imports/${id}/file?name=${encodeURIComponent(name)}`;
        const { status } = await ours.send(method, path, method === "PUT" ? { file: "a,b\n1,2\n" } : {});
        expect([method, name, status]).toEqual([method, name, 400]);
      }
    expect(await filesOf(theirs, theirImport)).toEqual(before);
  });
});

describe("an idempotency key", () => {
  it("of another company is unused here: the request is done, and the answer is one's own", async () => {
    const sent = {
      body: { name: `View of ${theirs.word} company`, visibility: "company", view: {} },
      headers: { "idempotency-key": `view-of-${theirs.word}-company` },
    };
    const again = await theirs.send("POST", "/api/v1/views", sent);
    const own = await ours.send("POST", "/api/v1/views", sent);
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([201, "true"]);
    expect([own.status, own.headers.get("idempotency-replayed")]).toEqual([201, null]);
    expect(search.find(own, [sent.body.name])).toEqual([]);
  });
});

describe("a job", () => {
  const jobOf = (payload: object) =>
    ({
      claim: { id: newId(), tenantId: ours.tenantId, payload },
      signal: new AbortController().signal,
      reportProgress: () => undefined,
      afterwards: () => undefined,
    }) as unknown as Job;
  const actor = { kind: "person", id: "1", name: "Ann" };

  it("finds no files of another company's import", async () => {
    const run = (importId: string) =>
      importJob(
        two.test.host,
        two.test.pipeline,
      )(jobOf({ importId, options: {}, actor })).then(
        (reports) => JSON.stringify(reports),
        (error: unknown) => String(error),
      );
    const before = await costsOf(ours);
    expect(await run(theirImport)).toBe(await run(newId()));
    expect((await costsOf(ours)).totals).toEqual(before.totals);
  });

  it("finds no source of another company to process again", async () => {
    const { periods } = await theirs.ask<{ periods: { versions: { source: string }[] }[] }>("GET", "/api/v1/datasets");
    const { source } = periods[0]!.versions[0]!;
    const run = (key: string) =>
      reprocessJob(
        two.test.host,
        two.test.pipeline,
      )(jobOf({ importId: newId(), source: key, actor })).then(
        (reports) => JSON.stringify(reports),
        (error: unknown) => String(error).replaceAll(key, "<source>"),
      );
    expect(await run(source)).toBe(await run("focus:nobody"));
  });
});

describe("a WebSocket", () => {
  /** Listens as the person of a company, and gives all that is said. */
  async function listen(company: Company, after: string, headers: Record<string, string> = {}) {
    const said: string[] = [];
    const closed = new AbortController();
    const socket: LiveSocket = {
      send: (text) => Promise.resolve(void said.push(text)),
      close: () => closed.abort(),
      closed: closed.signal,
    };
    let conversation: Promise<void> = Promise.resolve();
    const origin = { host: "localhost:3000", origin: "http://localhost:3000" };
    const answer = await two.api.request(
      `http://localhost:3000/api/v1/live?after=${after}`,
      { headers: { upgrade: "websocket", cookie: company.cookie, ...origin, ...headers } },
      { acceptLive: (converse: (socket: LiveSocket) => Promise<void>) => (conversation = converse(socket)) },
    );
    return { status: answer.status, said, end: () => (closed.abort(), conversation) };
  }
  const queue = async (company: Company) => {
    const { id } = await company.ask<{ id: string }>("POST", "/api/v1/imports");
    await company.ask("PUT", `/api/v1/imports/${id}/file?name=a.csv`, { file: company.bill });
    await company.ask("POST", `/api/v1/imports/${id}/start`, { body: {} });
    return id;
  };

  it("tells of its own company alone, from whatever position", async () => {
    const { position } = await theirs.ask<{ position: string }>("GET", "/api/v1/live");
    for (const after of ["0", position]) {
      const listening = await listen(ours, after);
      expect(listening.status).toBe(204);
      const [foreign, own] = [await queue(theirs), await queue(ours)];
      await expect.poll(() => listening.said.join("\n")).toContain(own);
      const told = listening.said.join("\n");
      expect(told).not.toContain(foreign);
      for (const word of [theirs.word, theirs.tenantId, theirs.userId, theirImport]) expect(told).not.toContain(word);
      await listening.end();
    }
  });

  it("is not opened by a page of another company's host", async () => {
    const origin = `http://${theirs.slug}.localhost:3000`;
    expect((await listen(ours, "0", { origin })).status).toBe(403);
  });
});
