// @vitest-environment jsdom
import { CostAnswer, CostCatalog, CostQuery } from "@finops/capabilities/costs/contract";
import { Dashboard, DashboardAsOf, type DashboardChange, type Tile } from "@finops/capabilities/dashboards/contract";
import { CostView } from "@finops/capabilities/views/contract";
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
import { readDoorSearch } from "../../lib/figure-door.ts";
import { queryClient } from "../../lib/query-client.ts";
import { ToastCorner, useToasts } from "../../lib/toasts.tsx";
import { DashboardPage } from "./dashboard-page.tsx";
import { readDashboardSearch } from "./dashboard-search.ts";
import { DashboardsPage } from "./dashboards-page.tsx";

// A busy machine draws slowly.
configure({ asyncUtilTimeout: 20_000 });
vi.setConfig({ testTimeout: 120_000 });

const id = "11111111-1111-7111-8111-111111111111";
const ann = { id: "1", name: "Ann" };
let dashboard: Dashboard;
let changes: DashboardChange[];
let made: Record<string, unknown>[];
let asked: CostQuery[];
let refuse: { status: number; body: unknown } | null;
let isOffline: boolean;
let permissions: string[];

const figure: Tile = {
  id: "spend",
  kind: "view",
  title: "Spend",
  shows: "figure",
  view: CostView.parse({ measures: ["effectiveCost"], groupBy: [], chart: "none" }),
  place: { x: 0, y: 0, w: 4, h: 2 },
};
const services: Tile = {
  id: "services",
  kind: "view",
  title: "Services",
  shows: "table",
  view: CostView.parse({ measures: ["effectiveCost"], chart: "none" }),
  place: { x: 4, y: 0, w: 8, h: 4 },
};
const words: Tile = { id: "words", kind: "text", text: "Read me", place: { x: 0, y: 2, w: 4, h: 2 } };

const catalog = CostCatalog.parse({
  measures: [{ name: "effectiveCost", label: "Effective cost", unit: "money", about: "Spread.", additive: true }],
  dimensions: [{ name: "serviceName", label: "Service" }],
  tagKeys: [],
  extraKeys: [],
  available: { start: "2026-01-01", end: "2026-11-22" },
  freshAt: null,
} satisfies CostCatalog);

function answer(body: unknown): CostAnswer {
  const query = CostQuery.parse(body);
  asked.push(query);
  const figures = (value: string) =>
    Object.fromEntries(query.measures.map((name) => [name, { value: name === "rowCount" ? "12" : value }]));
  const row = (name: string, value: string) => ({
    key: { serviceName: name },
    isOther: false,
    time: null,
    currency: "USD",
    values: figures(value),
    comparison: figures("50"),
  });
  return CostAnswer.parse({
    rows: query.groupBy.length === 0 ? [] : [row("EC2", "70.5"), row("S3", "29.5")],
    totals: [{ currency: "USD", values: figures("100"), comparison: figures("80") }],
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
      permissions,
      expiresAt: "2027-01-01T00:00:00Z",
    };
  if (path === "/api/v1/dashboard-templates")
    return { templates: [{ key: "leader", name: "Leader", about: "Four figures.", tiles: [figure] }] };
  if (path === "/api/v1/views") return { views: [] };
  if (path === "/api/v1/dashboards" && method === "POST") {
    made.push(body as Record<string, unknown>);
    return dashboard;
  }
  if (path === "/api/v1/dashboards") return { dashboards: [] };
  if (path.endsWith("/versions"))
    return {
      versions: [2, 1].map((version) => ({ version, name: "Mine", changedBy: ann, changedAt: "2026-11-01T00:00:00Z" })),
    };
  if (path.endsWith("/versions/1"))
    return DashboardAsOf.parse({ version: 1, name: "Mine", description: "", tiles: [words] });
  if (path.endsWith("/restore")) return (dashboard = { ...dashboard, version: 3, tiles: [words] });
  if (method === "PATCH") {
    const change = body as DashboardChange;
    changes.push(change);
    dashboard = Dashboard.parse({ ...dashboard, ...change, version: dashboard.version + 1 });
  }
  return dashboard;
}

beforeEach(() => {
  [changes, made, asked, refuse, isOffline, permissions] = [[], [], [], null, false, ["costs:read", "views:write"]];
  dashboard = Dashboard.parse({
    id,
    name: "Mine",
    description: "",
    sharing: { with: "nobody" },
    version: 2,
    owner: ann,
    changedBy: ann,
    createdAt: "2026-11-01T00:00:00Z",
    changedAt: "2026-11-01T00:00:00Z",
    mayChange: true,
    tiles: [figure, services, words],
  });
  queryClient.clear();
  useToasts.setState({ shown: [] });
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(640);
  vi.spyOn(HTMLElement.prototype, "offsetWidth", "get").mockReturnValue(1200);
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(640);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(1200);
  vi.stubGlobal("scrollTo", () => {});
  const Observer = class {
    readonly tell: (entries: { isIntersecting: boolean }[]) => void;
    constructor(tell: (entries: { isIntersecting: boolean }[]) => void) {
      this.tell = tell;
    }
    observe() {
      this.tell([{ isIntersecting: true }]);
    }
    unobserve() {}
    disconnect() {}
  };
  vi.stubGlobal("IntersectionObserver", Observer);
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
    if (isOffline && path !== "/api/session") throw new TypeError("Failed to fetch");
    if (refuse !== null && method === "PATCH")
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
    validateSearch: readDoorSearch,
    component: () => (
      <>
        <Outlet />
        <ToastCorner />
      </>
    ),
  });
  const list = createRoute({
    getParentRoute: () => root,
    path: "/dashboards",
    validateSearch: readDocumentsSearch,
    component: DashboardsPage,
  });
  const page = createRoute({
    getParentRoute: () => root,
    path: "/dashboards/$id",
    validateSearch: readDashboardSearch,
    component: DashboardPage,
  });
  const explorer = createRoute({ getParentRoute: () => root, path: "/explorer", component: () => null });
  const history = createMemoryHistory({ initialEntries: [address] });
  const router = createRouter({ routeTree: root.addChildren([list, page, explorer]), history });
  render(
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  return {
    search: () => router.state.location.search as Record<string, unknown>,
    path: () => router.state.location.pathname,
  };
}

const tile = (name: string) => screen.findByRole("region", { name });
const order = () =>
  within(screen.getByTestId("tiles"))
    .getAllByRole("region")
    .map((one) => one.getAttribute("aria-label"));

it("shows each tile's figures with what they are held against, and makes them doors", async () => {
  const { search } = open(`/dashboards/${id}`);
  const spend = await tile("Spend");
  const shown = await within(spend).findByRole("button", { name: "$100.00" });
  expect(spend.textContent).toContain("+$20.00 (+25.0 %), worse against");
  expect((await within(await tile("Services")).findByRole("row", { name: /EC2/ })).textContent).toContain("$70.50");
  fireEvent.click(shown);
  await waitFor(() => expect(search()["proof"]).toMatchObject({ measure: "effectiveCost", currency: "USD" }));
});

it("shows one period in all tiles when the address says so", async () => {
  open(`/dashboards/${id}?period=2026-03-01..2026-03-31`);
  await within(await tile("Spend")).findByRole("button", { name: "$100.00" });
  expect(asked.map((query) => query.period)).toEqual(asked.map(() => ({ start: "2026-03-01", end: "2026-04-01" })));
  expect((await tile("Spend")).textContent).toContain("March 2026");
});

it("moves and resizes a tile by the keys of its handle, says where it stands, and keeps it as one version", async () => {
  open(`/dashboards/${id}?edit=yes`);
  await tile("Spend");
  const handle = () => screen.getByRole("button", { name: "Move or resize Spend" });
  await waitFor(handle);
  handle().focus();
  fireEvent.keyDown(handle(), { key: "ArrowDown" });
  await waitFor(() => expect(order()).toEqual(["Read me", "Services", "Spend"]));
  expect(document.activeElement).toBe(handle());
  expect(screen.getByRole("status", { name: "Tiles" }).textContent).toBe("Spend: Column 1, row 3; 4 wide, 2 high.");
  fireEvent.keyDown(handle(), { key: "ArrowDown", shiftKey: true });
  await waitFor(() => expect(changes).toHaveLength(1));
  expect(changes[0]).toMatchObject({ version: 2 });
  expect(changes[0]!.tiles?.find((one) => one.id === "spend")?.place).toEqual({ x: 0, y: 2, w: 4, h: 3 });
  expect(await screen.findByText("Saved")).toBeTruthy();
  fireEvent.keyDown(handle(), { key: "ArrowLeft" });
  expect(screen.getByRole("status", { name: "Tiles" }).textContent).toContain("as far as it goes");
});

it("takes back a change when somebody was faster, and keeps one's own as a copy when asked", async () => {
  refuse = { status: 409, body: { code: "conflict", detail: "Bob changed it.", facts: { changedBy: "Bob" } } };
  open(`/dashboards/${id}?edit=yes`);
  await tile("Spend");
  fireEvent.keyDown(await screen.findByRole("button", { name: "Move or resize Spend" }), { key: "ArrowDown" });
  await waitFor(() => expect(order()[0]).toBe("Read me"));
  expect(await screen.findByText("Bob was faster.")).toBeTruthy();
  expect(order()).toEqual(["Spend", "Services", "Read me"]);
  fireEvent.click(screen.getByRole("button", { name: "Keep mine as a copy" }));
  await waitFor(() => expect(made).toHaveLength(1));
  expect(made[0]).toMatchObject({ name: "Mine (copy)" });
  expect((made[0]!["tiles"] as Tile[])[0]).toMatchObject({ id: "words" });
});

it("keeps edits on the screen without a connection, and sends them when it is back", async () => {
  open(`/dashboards/${id}?edit=yes`);
  await within(await tile("Spend")).findByRole("button", { name: "$100.00" });
  isOffline = true;
  fireEvent.keyDown(await screen.findByRole("button", { name: "Move or resize Spend" }), { key: "ArrowDown" });
  expect(await screen.findByText("Not saved: no connection")).toBeTruthy();
  expect(order()[0]).toBe("Read me");
  isOffline = false;
  await waitFor(() => expect(changes).toHaveLength(1));
  expect(await screen.findByText("Saved")).toBeTruthy();
  expect(order()[0]).toBe("Read me");
});

it("removes a tile, and brings it back when that is undone", async () => {
  open(`/dashboards/${id}?edit=yes`);
  await tile("Spend");
  fireEvent.keyDown(screen.getByRole("button", { name: "More for Spend" }), { key: "Enter" });
  fireEvent.click(await screen.findByRole("menuitem", { name: "Remove" }));
  await waitFor(() => expect(screen.queryByRole("region", { name: "Spend" })).toBeNull());
  fireEvent.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => expect(order()).toEqual(["Spend", "Services", "Read me"]));
});

it("adds a tile below the others, and lets its view be chosen beside it", async () => {
  open(`/dashboards/${id}?edit=yes`);
  await tile("Spend");
  fireEvent.click(screen.getByRole("button", { name: "Add a tile" }));
  fireEvent.click(await screen.findByRole("button", { name: /^Table/ }));
  fireEvent.change(await screen.findByLabelText("Title"), { target: { value: "By service" } });
  fireEvent.change(await screen.findByLabelText("Only charges with"), { target: { value: "serviceName = " } });
  fireEvent.change(screen.getByLabelText("Only charges with"), { target: { value: "serviceName = EC2" } });
  await tile("By service");
  await waitFor(() => expect(changes.length).toBeGreaterThan(0));
  await waitFor(() =>
    expect(dashboard.tiles.at(-1)).toMatchObject({
      title: "By service",
      shows: "table",
      view: { filter: { dimension: "serviceName", is: "EC2" } },
    }),
  );
});

it("is shared with roles by who may, and says who can grant it to who may not", async () => {
  open(`/dashboards/${id}`);
  await tile("Spend");
  fireEvent.click(screen.getByRole("button", { name: "Share" }));
  const dialog = within(await screen.findByRole("dialog"));
  fireEvent.click(dialog.getByRole("radio", { name: /People with a role/ }));
  expect(dialog.getByRole("button", { name: "Share" })).toHaveProperty("disabled", true);
  fireEvent.click(dialog.getByRole("checkbox", { name: "Viewers" }));
  fireEvent.click(dialog.getByRole("button", { name: "Share" }));
  await waitFor(() => expect(changes).toMatchObject([{ sharing: { with: "roles", roles: ["viewer"] } }]));
  cleanup();
  queryClient.clear();
  permissions = ["costs:read"];
  open(`/dashboards/${id}`);
  await tile("Spend");
  fireEvent.click(screen.getByRole("button", { name: "Share" }));
  expect(await screen.findByText("Sharing needs the permission views:write.")).toBeTruthy();
});

it("shows an earlier version, and brings it back", async () => {
  open(`/dashboards/${id}`);
  await tile("Spend");
  fireEvent.keyDown(screen.getByRole("button", { name: "More for this dashboard" }), { key: "Enter" });
  fireEvent.click(await screen.findByRole("menuitem", { name: "Versions" }));
  fireEvent.click(await screen.findByRole("button", { name: "Show version 1" }));
  expect(await screen.findByText("This is version 1, as it was left.")).toBeTruthy();
  await waitFor(() => expect(order()).toEqual(["Read me"]));
  fireEvent.click(screen.getByRole("button", { name: "Bring back" }));
  expect(await screen.findByText("Version 1 is the newest again.")).toBeTruthy();
  expect(dashboard.version).toBe(3);
});

it("starts with a template for each kind of reader", async () => {
  const { path } = open("/dashboards");
  fireEvent.click(await screen.findByRole("button", { name: /Leader/ }));
  await waitFor(() => expect(path()).toBe(`/dashboards/${id}`));
  expect(made).toEqual([{ template: "leader" }]);
});
