import { inflateSync } from "node:zlib";
import { formatMoney } from "@finops/kernel/format-figure";
import { focusBill } from "@finops/pipeline/testing/sample-bills";
import { createTestPipeline, type TestPipeline } from "@finops/pipeline/testing/test-pipeline";
import type { Context } from "@finops/platform/tenancy/context";
import { CostReader } from "@finops/warehouse/query/cost-reader";
import { afterAll, beforeAll, expect, it } from "vitest";
import { queryCosts } from "../costs/index.ts";
import { CostView } from "../views/contract.ts";
import { createView } from "../views/service.ts";
import type { ReportDocument } from "./document.ts";
import { printer } from "./on-node.ts";
import { documentPdf } from "./pdf.ts";
import { printShownView, printView } from "./print-service.ts";
import { pdfText } from "./testing/pdf-text.ts";

/** What each costs, by a name that a reader of PDF must find again. */
const names = {
  生产环境: "101.5",
  正體中文帳戶: "102.25",
  本番カナひらがな渋谷: "103.125",
  프로덕션: "104",
  حساب: "105",
  ייצור: "106",
  Продакшн: "107",
  Παραγωγή: "108",
};
let test: TestPipeline;
let ctx: Context;

beforeAll(async () => {
  test = await createTestPipeline();
  ctx = await test.company();
  const rows = Object.entries(names).map(([ServiceName, BilledCost]) => ({ ServiceName, BilledCost }));
  await test.importFiles(ctx, { "bill.csv": focusBill(rows) });
});
afterAll(() => test.close());

it("prints names of many scripts beside the figures that the screen has", async () => {
  const reader = new CostReader(test.store);
  const period = { start: "2026-05-01", end: "2026-06-01" };
  const view = CostView.parse({
    period,
    measures: ["billedCost"],
    groupBy: ["serviceName"],
    chart: "ranking",
  });
  const { id } = await createView(ctx, { name: "成本 Стоимость", view, visibility: "private" });
  const { content } = await printView(ctx, { printer, reader }, id);
  const { text } = await pdfText(content);
  const answer = await queryCosts(ctx, reader, { measures: ["billedCost"], groupBy: ["serviceName"], period });
  const told = answer.rows.map(({ key, values }) => [key["serviceName"], values["billedCost"]!.value]);
  expect(Object.fromEntries(told)).toEqual(names);
  const line = text.replaceAll(/\s/g, "");
  for (const [name, value] of Object.entries(names)) expect(line).toContain(`${name}${formatMoney(value, "USD")}`);
  expect(line).toContain("成本Стоимость");
});

it("prints a view that is not saved, with its filter and the way back to it", async () => {
  const reader = new CostReader(test.store);
  const view = {
    period: { start: "2026-05-01", end: "2026-06-01" },
    measures: ["billedCost"],
    groupBy: ["serviceName"],
    filter: { dimension: "serviceName", in: ["프로덕션", "حساب"] },
  };
  const asked = { view, path: "/explorer?by=serviceName" };
  const { fileName, content } = await printShownView(ctx, { printer, reader }, asked);
  expect(fileName).toBe("billed-cost-by-service-name.pdf");
  const { text } = await pdfText(content);
  expect(text).toContain("May 2026");
  expect(text.replaceAll(/\s/g, "")).toContain("whereserviceNamein");
  // 104 of the one and 105 of the other.
  expect(text).toContain("$209.00");
  expect(text).not.toContain("$101.50");
  for (const path of ["https://evil.example", "/explorer/../x", "/explorer?a b"])
    await expect(printShownView(ctx, { printer, reader }, { view, path })).rejects.toThrow("explorer's own address");
});

const document = (title: string, notes: string[] = []): ReportDocument => ({
  title,
  company: "Acme",
  notes,
  url: "https://costs.example/x",
  at: "2026-11-10T07:00:00Z",
  data: "",
  sections: [],
});

it("shows a sign in place of a letter that no font has, and draws faces with what they are", async () => {
  const { text } = await pdfText(await documentPdf(document("a\u{13000}b \u{1F680} \uD800")));
  expect(text).toContain("a\uFFFDb");
  // A rocket in UTF-16, as the standard writes what a drawing stands for (PDF 1.7, 14.9.4).
  expect(contentOf(await documentPdf(document("Launch \u{1F680}")))).toContain(
    "/Span <<\n/ActualText (\xFE\xFF\xD8\x3D\xDE\x80)",
  );
});

/** What draws the pages. */
function contentOf(pdf: Uint8Array): string {
  const streams = Buffer.from(pdf)
    .toString("latin1")
    .matchAll(/stream\n(.*?)\nendstream/gs);
  return Array.from(streams, ([, content = ""]) => {
    try {
      return inflateSync(Buffer.from(content, "latin1")).toString("latin1");
    } catch {
      return "";
    }
  }).join("\n");
}

it("breaks lines between Chinese signs and words of other scripts, and loses none", async () => {
  const chinese = "这是一段很长的中文文本，需要在适当的位置换行，并且标点符号不能出现在行首。".repeat(12);
  const latin = "Costs of the month so far, as the owner sees them; ".repeat(12).trim();
  const long = "x".repeat(400);
  const { text } = await pdfText(await documentPdf(document("Long", [chinese, latin, long])));
  const found = text.replaceAll(/\s/g, "");
  for (const one of [chinese, latin, long]) expect(found).toContain(one.replaceAll(/\s/g, ""));
  for (const line of text.split(/\s+/)) expect(line).not.toMatch(/^[，。]/);
});

it("is the same bytes each time", async () => {
  const one = document("成本 한국어 حساب \u{1F600}\u{1F680}");
  expect(Buffer.compare(Buffer.from(await documentPdf(one)), Buffer.from(await documentPdf(one)))).toBe(0);
});
