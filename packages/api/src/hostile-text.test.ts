import { allPermissions } from "@finops/platform/access/permissions";
import { createApiKey } from "@finops/platform/identity/api-keys";
import { createEngineParts } from "./engine-parts.ts";
import type { Context } from "@finops/platform/tenancy/context";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApi } from "./app.ts";

/** Texts that mean something to SQL, to HTML, to a template, to a sheet, or to who reads a line. */
const hostileTexts = {
  "a quote": "O'Brien",
  "a statement": "'; drop table tenant; --",
  "a condition": `" or ""="`,
  "comment marks": "a/* b */ -- c",
  "dollar signs": "$$; select 1; $$ $1 ${7*7} {{7*7}} #{7*7}",
  "the end of a script": "</script><script>alert(1)</script>",
  "an element": `<img src=x onerror="alert(1)">`,
  "an entity": "&lt;b&gt; &#0;",
  wildcards: "%_[a-z]*?",
  backslashes: "\\' \\\\ \\u0000 \\x00",
  "letters from right to left": "invoice\u202Efdp.exe \u2066x\u2069",
  "letters of no width": "a\u200Bb\uFEFFc",
  "letters beyond the first plane": "👩‍👩‍👧 ñ 日本 𝕏",
  "half a letter": "a\ud800b",
  "a line break with a header": "a\r\nSet-Cookie: __Host-finops_session=x",
  "a formula": "=cmd|' /C calc'!A0",
  "a path": "../../etc/passwd",
  "a name of JavaScript's own": "__proto__",
  "the character zero": "a\0b",
  "10,000 letters": "x".repeat(10_000),
};

let test: TestPipeline;
let ctx: Context;
let api: ReturnType<typeof createApi>;
let key = "";

/** What a bill can hold: all but what no CSV reader takes. */
const storable = Object.entries(hostileTexts).filter(([what]) => !/zero|half a letter/.test(what));

beforeAll(async () => {
  test = await createTestPipeline();
  ctx = await test.company();
  ({ key } = await createApiKey(ctx, { name: "hostile", permissions: [...allPermissions] }));
  api = createApi({
    host: test.host,
    store: test.store,
    engine: createEngineParts(test),
    isReady: () => Promise.resolve(true),
    local: null,
  });
  const rows = storable.map(([, text], index) => ({
    BilledCost: String(index + 1),
    ServiceName: text,
    ResourceId: text,
    Tags: JSON.stringify({ [text]: text }),
  }));
  await test.importOne(ctx, { "bill.csv": focusBill(rows) }, { sourceName: "Hostile '; -- <b>" });
});
afterAll(() => test.close());

interface Told {
  status: number;
  headers: Headers;
  text: string;
  json: Record<string, unknown>;
}

async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Told> {
  const isFile = typeof body === "string";
  const answer = await api.request(`/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { "content-type": isFile ? "text/csv" : "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get("content-type")?.includes("json") === true;
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}

/** Without what no address can hold. */
const wellFormed = (text: string) => text.replaceAll(/\p{Surrogate}/gu, "\uFFFD");

/** Answered, or refused with a sentence; never a defect. */
function expectSound(what: string, { status, headers, json, text }: Told): void {
  expect([what, status < 500 ? "sound" : text]).toEqual([what, "sound"]);
  if (status >= 400)
    expect([what, headers.get("content-type"), json["detail"], json["code"]]).toEqual([
      what,
      "application/problem+json",
      expect.stringMatching(/\w/),
      expect.stringMatching(/^[a-z_]+$/),
    ]);
}

const period = { start: "2026-05-01", end: "2026-06-01" };
const days = "start=2026-05-01&end=2026-06-01";
const query = { measures: ["billedCost"], period };
const place = { x: 0, y: 0, w: 4, h: 4 };

describe.each(Object.entries(hostileTexts))("%s", (_, text) => {
  const inUrl = encodeURIComponent(wellFormed(text));

  it("is a value like any other in a filter, or refused", async () => {
    const tests = [
      { is: text },
      { in: [text] },
      { contains: text },
      { startsWith: text },
      { from: text },
      { to: text },
    ];
    const filters = [
      ...tests.map((one) => ({ dimension: "serviceName", ...one })),
      ...[`tag:${text}`, text, `x_${text}`].map((dimension) => ({ dimension, is: text })),
    ];
    for (const filter of filters)
      expectSound(JSON.stringify(filter).slice(0, 200), await send("POST", "/cost/query", { ...query, filter }));
    const filter = { dimension: "tag:team", is: text };
    expectSound("rows", await send("POST", "/cost/rows", { period, filter, limit: 1 }));
    expectSound("proof", await send("POST", "/proof", { measure: "billedCost", period, currency: "USD", filter }));
    const asText = encodeURIComponent(JSON.stringify(filter));
    expectSound("values", await send("GET", `/cost/dimensions/region/values?${days}&filter=${asText}`));
  });

  it("is no part of a statement as a group, a column, an order, a currency, a cursor or a search", async () => {
    const tag = `tag:${text}`;
    for (const body of [
      { ...query, groupBy: [tag] },
      { ...query, groupBy: [text] },
      { ...query, groupBy: ["serviceName"], orderBy: { by: text } },
      { ...query, cursor: text },
    ])
      expectSound("query", await send("POST", "/cost/query", body));
    for (const body of [
      { period, columns: [tag] },
      { period, columns: [text] },
      { period, orderBy: { by: tag } },
    ])
      expectSound("rows", await send("POST", "/cost/rows", body));
    expectSound("proof", await send("POST", "/proof", { measure: "billedCost", period, currency: text }));
    expectSound("expected", await send("POST", "/cost/expected", { currency: text, month: "2026-05" }));
    for (const path of [
      `/cost/dimensions/${encodeURIComponent(`tag:${wellFormed(text)}`)}/values?${days}`,
      `/cost/dimensions/${inUrl}/values?${days}`,
      `/cost/dimensions/serviceName/values?${days}&search=${inUrl}`,
      `/cost/dimensions/serviceName/values?${days}&cursor=${inUrl}`,
      `/proof/pack?figure=${inUrl}`,
      `/imports?cursor=${inUrl}`,
      `/live?after=${inUrl}`,
      ...["imports", "views", "dashboards", "reports", "datasets/versions"].map((list) => `/${list}/${inUrl}`),
    ])
      expectSound(path.slice(0, 120), await send("GET", path));
  });

  it("comes back as it was kept, or is refused, as the name of a view, a dashboard or a report", async () => {
    const kept = [
      ["/views", { name: text, description: text.slice(0, 500), view: {} }],
      ["/dashboards", { name: text, tiles: [{ id: "a", kind: "text", text: text.slice(0, 4000), place }] }],
      ["/reports", { name: text, items: [{ id: "a", kind: "text", text }] }],
    ] as const;
    for (const [path, body] of kept) {
      const made = await send("POST", path, body);
      expectSound(path, made);
      if (made.status !== 201) continue;
      const again = await send("GET", `${path}/${String(made.json["id"])}`);
      expect([path, again.json["name"]]).toEqual([path, text.trim()]);
    }
    const view = { filter: { dimension: `tag:${text}`, is: text }, groupBy: [`tag:${text}`] };
    const made = await send("POST", "/views", { name: "By a tag", view });
    expectSound("a view of a tag", made);
    if (made.status === 201) expect(made.json["view"]).toMatchObject(view);
  });

  it("is no part of a header or a path as the name of a file", async () => {
    const what = { kind: "query", query };
    const answer = await send("POST", "/export", { what, format: "csv", fileName: text });
    expectSound("export", answer);
    if (answer.status === 200)
      expect(answer.headers.get("content-disposition")).toMatch(
        /^attachment; filename="[\w. -]+"; filename\*=UTF-8''[\w.!~%-]+$/,
      );
    const { json } = await send("POST", "/imports");
    const at = `/imports/${String(json["id"])}`;
    for (const method of ["PUT", "GET", "DELETE"])
      expectSound(
        `${method} file`,
        await send(method, `${at}/file?name=${inUrl}`, method === "PUT" ? focusBill([{}]) : undefined),
      );
  });

  it("maps nothing but itself as the name of a source, a mapping, a column or an assumed value", async () => {
    const { json } = await send("POST", "/imports");
    const at = `/imports/${String(json["id"])}`;
    const header = text.replaceAll(/["\r\n\0]/g, "");
    await send("PUT", `${at}/file?name=own.csv`, `"day","${header}","cost"\n2026-05-02,${JSON.stringify("a")},1.5\n`);
    const columns = { ChargePeriodStart: "day", BilledCost: "cost", ServiceName: header };
    for (const options of [
      { sourceName: text, format: text, assume: { [text]: text } },
      { definition: { name: text, provider: text, currency: "USD", columns } },
      {
        definition: {
          name: "own",
          provider: "own",
          currency: "USD",
          columns: { ...columns, ServiceName: { value: text } },
        },
      },
      { definition: { [text]: text } },
      { takesOver: { source: text, from: "2026-05-01" } },
    ])
      expectSound(`detect ${JSON.stringify(options).slice(0, 100)}`, await send("POST", `${at}/detect`, options));
    expectSound("reprocess", await send("POST", "/reprocess", { source: text }));
    expectSound("start", await send("POST", `${at}/start`, { sourceName: text, definition: { name: text } }));
  });
});

describe("a bill full of such texts", () => {
  it("is told as it was written: each value with its own cost, under its own tag", async () => {
    const { json } = await send("POST", "/cost/query", { ...query, groupBy: ["serviceName"] });
    const rows = json["rows"] as { key: { serviceName: string }; values: { billedCost: { value: string } } }[];
    const found = new Map(rows.map((row) => [row.key.serviceName, row.values.billedCost.value]));
    for (const [index, [what, text]] of storable.entries())
      expect([what, found.get(text)]).toEqual([what, String(index + 1)]);
  });

  it("is filtered by each of them, to the row that holds it", async () => {
    for (const [index, [what, text]] of storable.entries()) {
      // A dimension's name has at most 300 characters.
      const dimensions = text.length > 200 ? ["serviceName"] : ["serviceName", `tag:${text}`];
      for (const dimension of dimensions) {
        const { json } = await send("POST", "/cost/query", { ...query, filter: { dimension, is: text } });
        const totals = json["totals"] as { values: { billedCost: { value: string } } }[];
        expect([what, dimension, totals[0]?.values.billedCost.value]).toEqual([what, dimension, String(index + 1)]);
      }
    }
  });

  it("is exported without a cell that a sheet would run", async () => {
    const { text } = await send("POST", "/export", {
      what: { kind: "rows", query: { period, columns: ["serviceName"] } },
      format: "csv",
    });
    expect(text).toContain(`'=cmd|`);
    expect(text.split("\n").filter((line) => /^"?[=+@\t]/.test(line))).toEqual([]);
  });
});
