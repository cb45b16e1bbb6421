// @vitest-environment jsdom
import { CostAnswer, CostCatalog, CostQuery } from "@finops/capabilities/costs/contract";
import {
  Report,
  ReportAsOf,
  type ReportChange,
  type ReportItem,
  ReportRun,
} from "@finops/capabilities/reports/contract";
import { CostView, SavedView } from "@finops/capabilities/views/contract";
import { QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from "@tanstack/react-router";
import { cleanup, configure, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { readDocumentsSearch } from "../../lib/documents/documents-search.ts";
import { queryClient } from "../../lib/query-client.ts";
import { ToastCorner, useToasts } from "../../lib/toasts.tsx";
import { ReportPage } from "./report-page.tsx";
import { readReportSearch } from "./report-search.ts";
import { ReportsPage } from "./reports-page.tsx";

// A busy machine draws slowly.
configure({ asyncUtilTimeout: 20_000 });
vi.setConfig({ testTimeout: 120_000 });

const id = "11111111-1111-7111-8111-111111111111";
const ann = { id: "1", name: "Ann" };
const head = {
  sharing: { with: "nobody" },
  version: 1,
  owner: ann,
  changedBy: ann,
  createdAt: "2026-11-01T00:00:00Z",
  changedAt: "2026-11-01T00:00:00Z",
  mayChange: true,
};
let report: Report;
let reports: object[];
let changes: ReportChange[];
let refuse: { status: number; body: unknown } | null;
let runs: object[];

const catalog = CostCatalog.parse({
  measures: [
    { name: "billedCost", label: "Billed cost", unit: "money", about: "Invoiced.", additive: true },
    { name: "effectiveSavingsRate", label: "Savings rate", unit: "percent", about: "A rate.", additive: false },
  ],
  dimensions: [
    { name: "serviceName", label: "Service" },
    { name: "regionId", label: "Region" },
  ],
  tagKeys: ["team"],
  extraKeys: [],
  available: { start: "2026-01-01", end: "2026-11-22" },
  freshAt: null,
} satisfies CostCatalog);

function answer(body: unknown): CostAnswer {
  const query = CostQuery.parse(body);
  const figures = (value: string) =>
    Object.fromEntries(query.measures.map((name) => [name, { value: name === "rowCount" ? "12" : value }]));
  return CostAnswer.parse({
    rows: ["EC2", "S3"].map((serviceName) => ({
      key: { serviceName },
      isOther: false,
      time: query.grain === undefined ? null : query.period.start,
      currency: "USD",
      values: figures("50"),
    })),
    totals: [
      { currency: "USD", values: figures("100") },
      { currency: "EUR", values: { ...figures("7"), rowCount: { value: "2" } } },
    ],
    nextCursor: null,
    period: query.period,
    comparisonPeriod: null,
    meta: {
      tables: [],
      rowsRead: 2,
      position: "1",
      freshAt: null,
      versions: [],
      sql: "",
      fromCache: false,
      durationMs: 1,
    },
  });
}

const oldWords: ReportItem = { id: "old", kind: "text", text: "As it was first." };
const run = {
  id: "r1",
  reportId: id,
  number: 1,
  name: "Close",
  ranBy: ann,
  ranAt: "2026-11-02T08:00:00Z",
  position: "7",
  isScoped: false,
};

function respond(method: string, path: string, body: unknown): unknown {
  if (path === "/api/v1/cost/catalog") return catalog;
  if (path === "/api/v1/cost/query") return answer(body);
  if (path === "/api/session")
    return {
      signedIn: true,
      name: "Ann",
      email: "",
      company: "acme",
      role: "finops",
      permissions: ["costs:read", "views:write"],
      expiresAt: "2027-01-01T00:00:00Z",
    };
  if (path === "/api/v1/views")
    return {
      views: [
        SavedView.parse({
          ...head,
          id: "v",
          name: "Regions",
          description: "",
          view: CostView.parse({ groupBy: ["regionId"], chart: "none" }),
          visibility: "private",
          isPinned: false,
          isDefault: false,
        }),
      ],
    };
  if (path === "/api/v1/report-templates")
    return { templates: [{ key: "month-close", name: "Month close", about: "What was billed.", items: report.items }] };
  if (path === "/api/v1/reports" && method === "POST") return report;
  if (path === "/api/v1/reports") return { reports };
  if (path.endsWith("/runs") && method === "POST") {
    runs = [run];
    return ReportRun.parse({ ...run, items: [] });
  }
  if (path.endsWith("/runs")) return { runs };
  if (path.endsWith("/versions"))
    return {
      versions: [2, 1].map((version) => ({
        version,
        name: "Close",
        changedBy: ann,
        changedAt: "2026-11-01T00:00:00Z",
      })),
    };
  if (path.endsWith("/versions/1"))
    return ReportAsOf.parse({ version: 1, name: "Close", description: "", items: [oldWords] });
  if (path.endsWith("/restore")) return (report = { ...report, version: 3, items: [oldWords] });
  if (method === "DELETE") return {};
  if (method === "PATCH") {
    changes.push(body as ReportChange);
    report = Report.parse({ ...report, ...(body as object), version: report.version + 1 });
  }
  return report;
}

beforeEach(() => {
  [changes, runs, refuse, reports] = [[], [], null, []];
  report = Report.parse({
    ...head,
    id,
    name: "Close",
    description: "",
    items: [
      { id: "a", kind: "text", text: "Read this first." },
      { id: "b", kind: "figure", title: "Billed", view: CostView.parse({ groupBy: [] }) },
      { id: "c", kind: "table", title: "By service", view: CostView.parse({ chart: "none" }), rowsMax: 25 },
      { id: "d", kind: "chart", title: "Day by day", view: CostView.parse({ chart: "bars" }) },
    ],
  });
  queryClient.clear();
  useToasts.setState({ shown: [] });
  for (const [name, value] of [
    ["offsetHeight", 640],
    ["offsetWidth", 1200],
  ] as const)
    vi.spyOn(HTMLElement.prototype, name, "get").mockReturnValue(value);
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(640);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(1200);
  vi.stubGlobal("scrollTo", () => {});
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      readonly tell: (entries: { isIntersecting: boolean }[]) => void;
      constructor(tell: (entries: { isIntersecting: boolean }[]) => void) {
        this.tell = tell;
      }
      observe() {
        this.tell([{ isIntersecting: true }]);
      }
      disconnect() {}
    },
  );
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  vi.stubGlobal("fetch", async (path: string, init: RequestInit = {}) => {
    const method = init.method ?? "GET";
    if (refuse !== null && method !== "GET" && path.startsWith("/api/v1/reports"))
      return new Response(JSON.stringify(refuse.body), { status: refuse.status });
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    return Response.json(respond(method, path, body));
  });
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function open(address: string) {
  const root = createRootRoute({
    component: () => (
      <>
        <Outlet />
        <ToastCorner />
      </>
    ),
  });
  const list = createRoute({
    getParentRoute: () => root,
    path: "/reports",
    validateSearch: readDocumentsSearch,
    component: ReportsPage,
  });
  const page = createRoute({
    getParentRoute: () => root,
    path: "/reports/$id",
    validateSearch: readReportSearch,
    component: ReportPage,
  });
  const told = createRoute({
    getParentRoute: () => root,
    path: "/reports/$id/runs/$number",
    component: () => <p>The run.</p>,
  });
  const explorer = createRoute({ getParentRoute: () => root, path: "/explorer", component: () => null });
  const router = createRouter({
    routeTree: root.addChildren([list, page, told, explorer]),
    history: createMemoryHistory({ initialEntries: [address] }),
  });
  render(
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  return () => router.state.location;
}

const order = () =>
  within(screen.getByRole("list", { name: "Items" }))
    .getAllByRole("region")
    .flatMap((one) => one.getAttribute("aria-label") ?? [])
    .filter((name) => !name.endsWith("table"));

it("shows what it would tell now, amounts of each currency on their own", async () => {
  open(`/reports/${id}`);
  const billed = await screen.findByRole("region", { name: "Billed" });
  await within(billed).findByRole("button", { name: "$100.00" });
  expect(billed.textContent).toContain("also €7.00");
  expect((await screen.findByRole("row", { name: /EC2/ })).textContent).toContain("$50.00");
  expect(screen.getByText("Read this first.")).toBeTruthy();
});

it("keeps what is seen before it runs, and opens the run", async () => {
  const location = open(`/reports/${id}?edit=yes`);
  const handle = await screen.findByRole("button", { name: "Move Billed" });
  handle.focus();
  fireEvent.keyDown(handle, { key: "ArrowUp" });
  await waitFor(() => expect(order()[0]).toBe("Billed"));
  expect(screen.getByRole("status", { name: "Order" }).textContent).toBe("Billed: 1 of 4.");
  fireEvent.keyDown(screen.getByRole("button", { name: "Move Billed" }), { key: "ArrowUp" });
  expect(screen.getByRole("status", { name: "Order" }).textContent).toBe("Billed: as far as it goes, 1 of 4.");
  fireEvent.click(screen.getByRole("button", { name: "Run now" }));
  expect(await screen.findByText("The run.")).toBeTruthy();
  expect(changes[0]?.items?.map((item) => item.id)).toEqual(["b", "a", "c", "d"]);
  expect(location().pathname).toBe(`/reports/${id}/runs/1`);
});

it("adds a saved view as a table, and text in paragraphs", async () => {
  open(`/reports/${id}?edit=yes`);
  fireEvent.click(await screen.findByRole("button", { name: "Add" }));
  fireEvent.click(await screen.findByRole("button", { name: /Regions/ }));
  fireEvent.change(await screen.findByLabelText("Rows at most"), { target: { value: "100" } });
  fireEvent.change(await screen.findByLabelText("Grouped by"), { target: { value: "tag:team" } });
  fireEvent.change(screen.getByLabelText("Period"), { target: { value: "last-month" } });
  fireEvent.change(screen.getByLabelText("Held against"), { target: { value: "none" } });
  fireEvent.click(screen.getByRole("button", { name: "Add" }));
  fireEvent.click(await screen.findByRole("button", { name: /^Text/ }));
  fireEvent.change(await screen.findByRole("textbox", { name: "Text" }), { target: { value: "One.\n\nTwo." } });
  expect(await screen.findByText("Two.")).toBeTruthy();
  await waitFor(() => expect(report.items).toHaveLength(6));
  await waitFor(() => expect(report.items[5]).toMatchObject({ text: "One.\n\nTwo." }));
  expect(report.items[4]).toMatchObject({
    kind: "table",
    title: "Regions",
    rowsMax: 100,
    view: { groupBy: ["tag:team"], period: { preset: "last-month" }, comparison: "none" },
  });
});

it("draws a rate as what it can be, and its measure is changed beside it", async () => {
  open(`/reports/${id}?edit=yes`);
  fireEvent.keyDown(await screen.findByRole("button", { name: "More for Day by day" }), { key: "Enter" });
  fireEvent.click(await screen.findByRole("menuitem", { name: "Change" }));
  fireEvent.change(await screen.findByLabelText("Measure"), { target: { value: "effectiveSavingsRate" } });
  const kinds = within(screen.getByLabelText("Drawn as")).getAllByRole("option");
  expect(kinds.map((kind) => kind.textContent)).toEqual(["Lines", "Ranking", "Heatmap"]);
  fireEvent.change(screen.getByLabelText("One mark for each"), { target: { value: "week" } });
  await waitFor(() =>
    expect(report.items[3]).toMatchObject({ view: { measures: ["effectiveSavingsRate"], grain: "week" } }),
  );
});

it("removes an item, and brings it back when that is undone", async () => {
  open(`/reports/${id}?edit=yes`);
  fireEvent.keyDown(await screen.findByRole("button", { name: "More for Billed" }), { key: "Enter" });
  fireEvent.click(await screen.findByRole("menuitem", { name: "Remove" }));
  await waitFor(() => expect(order()).not.toContain("Billed"));
  fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => expect(order()[1]).toBe("Billed"));
});

it("takes back a change that is not allowed, and says why", async () => {
  refuse = { status: 403, body: { code: "forbidden", detail: 'It needs the permission "views:write".' } };
  open(`/reports/${id}?edit=yes`);
  fireEvent.keyDown(await screen.findByRole("button", { name: "Move Billed" }), { key: "ArrowUp" });
  await waitFor(() => expect(order()[0]).toBe("Billed"));
  expect(await screen.findByText("The report was not changed.")).toBeTruthy();
  expect(order()[1]).toBe("Billed");
});

it("lists one's own reports and those of others, and deletes one after asking", async () => {
  const { items, ...summary } = report;
  reports = [
    { ...summary, itemCount: items.length },
    { ...summary, id: "2", name: "Bob's", owner: { id: "2", name: "Bob" }, sharing: { with: "company" }, itemCount: 1 },
  ];
  const location = open("/reports");
  await screen.findByRole("row", { name: /Bob's/ });
  fireEvent.click(screen.getByRole("button", { name: "Mine" }));
  await waitFor(() => expect(screen.queryByRole("row", { name: /Bob's/ })).toBeNull());
  expect(location().search).toEqual({ whose: "mine" });
  fireEvent.click(screen.getByRole("link", { name: "Close" }));
  fireEvent.keyDown(await screen.findByRole("button", { name: "More for this report" }), { key: "Enter" });
  fireEvent.click(await screen.findByRole("menuitem", { name: "Delete" }));
  fireEvent.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(location().pathname).toBe("/reports"));
});

it("shows an earlier version, and brings it back", async () => {
  report = { ...report, version: 2 };
  open(`/reports/${id}`);
  fireEvent.keyDown(await screen.findByRole("button", { name: "More for this report" }), { key: "Enter" });
  fireEvent.click(await screen.findByRole("menuitem", { name: "Versions" }));
  fireEvent.click(await screen.findByRole("button", { name: "Show version 1" }));
  expect(await screen.findByText("This is version 1, as it was left.")).toBeTruthy();
  expect(await screen.findByText("As it was first.")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Run now" })).toHaveProperty("disabled", true);
  // On a phone nothing else can be seen until the panel is closed.
  fireEvent.click(screen.getByRole("button", { name: "Close the panel" }));
  expect(screen.getByText("As it was first.")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Edit" }));
  await waitFor(() => expect(screen.queryByText("As it was first.")).toBeNull());
  fireEvent.click(screen.getByRole("button", { name: "Done" }));
  fireEvent.keyDown(screen.getByRole("button", { name: "More for this report" }), { key: "Enter" });
  fireEvent.click(await screen.findByRole("menuitem", { name: "Versions" }));
  fireEvent.click(await screen.findByRole("button", { name: "Show version 1" }));
  fireEvent.click(await screen.findByRole("button", { name: "Bring back" }));
  expect(await screen.findByText("Version 1 is the newest again.")).toBeTruthy();
  expect(report.version).toBe(3);
});
