// @vitest-environment jsdom
import { CostCatalog } from "@finops/capabilities/costs/contract";
import { ReportRun } from "@finops/capabilities/reports/contract";
import { CostView } from "@finops/capabilities/views/contract";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { cleanup, configure, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { RunPage } from "./run-page.tsx";

// A busy machine draws slowly.
configure({ asyncUtilTimeout: 20_000 });
vi.setConfig({ testTimeout: 60_000 });

const id = "11111111-1111-7111-8111-111111111111";
const period = { start: "2026-10-01", end: "2026-11-01" };
const meta = {
  tables: [],
  rowsRead: 2,
  position: "7",
  isScoped: false,
  freshAt: null,
  versions: [],
  sql: "",
  fromCache: false,
  durationMs: 1,
};
const amounts = (value: string) => ({ billedCost: { value }, rowCount: { value: "2" } });
const answer = (rows: object[]) => ({
  rows,
  totals: [{ currency: "USD", values: amounts("100.123456789"), comparison: amounts("80") }],
  nextCursor: null,
  period,
  comparisonPeriod: { start: "2026-09-01", end: "2026-10-01" },
  meta,
});
const row = (serviceName: string, value: string, time: string | null) => ({
  key: { serviceName },
  isOther: false,
  time,
  currency: "USD",
  values: amounts(value),
  comparison: amounts("10"),
});

const run = ReportRun.parse({
  id: "r",
  reportId: id,
  number: 3,
  name: "Month close",
  ranBy: { id: "1", name: "Ann" },
  ranAt: "2026-11-02T08:00:00Z",
  position: "7",
  isScoped: false,
  items: [
    { id: "t", kind: "text", text: "First paragraph.\n\nSecond paragraph." },
    {
      id: "f",
      kind: "figure",
      title: "Billed",
      view: CostView.parse({ groupBy: [] }),
      grain: "day",
      period,
      currency: null,
      answer: answer([]),
      missing: null,
    },
    {
      id: "c",
      kind: "chart",
      title: "Day by day",
      view: CostView.parse({ chart: "bars" }),
      grain: "day",
      period,
      currency: "USD",
      answer: answer([row("EC2", "60", "2026-10-01"), row("S3", "40", "2026-10-02")]),
      missing: null,
    },
    {
      id: "b",
      kind: "table",
      title: "By service",
      view: CostView.parse({ chart: "none" }),
      grain: "day",
      period,
      currency: "USD",
      answer: answer([row("EC2", "60.5000000001", null), row('S3, "cold"', "39.6234567889", null)]),
      missing: null,
    },
    {
      id: "m",
      kind: "figure",
      title: "Savings",
      view: CostView.parse({ groupBy: [] }),
      grain: "day",
      period,
      currency: null,
      answer: null,
      missing: "No charge lies within this filter and period.",
    },
  ],
});

let asked: string[];
beforeEach(() => {
  asked = [];
  vi.stubGlobal("scrollTo", () => {});
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    if (path === "/api/v1/cost/catalog")
      return Response.json(
        CostCatalog.parse({
          measures: [{ name: "billedCost", label: "Billed cost", unit: "money", about: "Invoiced.", additive: true }],
          dimensions: [{ name: "serviceName", label: "Service" }],
          tagKeys: [],
          extraKeys: [],
          available: null,
          freshAt: null,
        }),
      );
    return path.endsWith("/runs/3")
      ? Response.json(run)
      : new Response(JSON.stringify({ code: "not_found", detail: "There is no such run." }), { status: 404 });
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function open(number: string) {
  const root = createRootRoute();
  const page = createRoute({ getParentRoute: () => root, path: "/reports/$id/runs/$number", component: RunPage });
  const others = ["/reports", "/reports/$id", "/explorer"].map((path) =>
    createRoute({ getParentRoute: () => root, path: path as "/reports", component: () => null }),
  );
  const history = createMemoryHistory({ initialEntries: [`/reports/${id}/runs/${number}`] });
  const router = createRouter({ routeTree: root.addChildren([page, ...others]), history });
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
}

it("shows a run from what was kept, and asks no cost of now", async () => {
  open("3");
  const article = within(await screen.findByRole("article"));
  expect(article.getByText(/^Run 3, told on 2 Nov 2026, 08:00 UTC by Ann/).textContent).toContain(
    "position 7 of the publication log",
  );
  expect(article.getByText("Second paragraph.")).toBeTruthy();
  expect(article.getByRole("region", { name: "Billed" }).textContent).toContain("$100.12");
  expect(article.getByRole("region", { name: "Billed" }).textContent).toContain("against September 2026");
  expect(article.getByRole("row", { name: /EC2/ }).textContent).toContain("$60.50");
  expect(article.getByText("No charge lies within this filter and period.")).toBeTruthy();
  expect(asked.filter((path) => path.includes("/cost/"))).toEqual(["/api/v1/cost/catalog"]);
});

it("copies every digit of a told table", async () => {
  const copied: string[] = [];
  const write = (text: string) => Promise.resolve(void copied.push(text));
  vi.stubGlobal("navigator", Object.assign(Object.create(navigator), { clipboard: { writeText: write } }));
  open("3");
  fireEvent.click(await screen.findByRole("button", { name: "Copy" }));
  expect(copied[0]).toContain("EC2\t60.5000000001");
});

it("says what to do when a run is not there for the person", async () => {
  open("9");
  expect(await screen.findByText("There is no such report.")).toBeTruthy();
  expect(screen.getAllByRole("link", { name: "Reports" })).toHaveLength(2);
});
