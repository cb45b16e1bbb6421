// @vitest-environment jsdom
import { CostAnswer, CostCatalog, CostQuery, CostRowsAnswer, CostRowsQuery } from "@finops/capabilities/costs/contract";
import { CostView, SavedView } from "@finops/capabilities/views/contract";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
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
import { readDoorSearch } from "../../lib/figure-door.ts";
import { ToastCorner, useToasts } from "../../lib/toasts.tsx";
import { readViewSearch } from "../../lib/view-search.ts";
import { ExplorerPage } from "./explorer-page.tsx";

// A busy machine draws slowly.
configure({ asyncUtilTimeout: 20_000 });
vi.setConfig({ testTimeout: 120_000 });

/** What the page asked, in order, and an API that answers in the contract's own shapes. */
let asked: { method: string; path: string; body: unknown }[];
let views: SavedView[];
let refuse: { status: number; body: unknown } | null;

const catalog: CostCatalog = {
  measures: [
    { name: "billedCost", label: "Billed cost", unit: "money", about: "What is invoiced.", additive: true },
    {
      name: "effectiveSavingsRate",
      label: "Effective savings rate",
      unit: "percent",
      about: "A rate.",
      additive: false,
    },
    { name: "consumedQuantity", label: "Consumed quantity", unit: "quantity", about: "How much.", additive: true },
  ],
  dimensions: ["serviceName", "subAccountId", "regionId", "chargeCategory"].map((name) => ({ name, label: name })),
  tagKeys: ["team"],
  extraKeys: [],
  available: { start: "2026-01-01", end: "2026-11-22" },
  freshAt: null,
};

const services = { EC2: "70.5", S3: "29.5" };

function answer(body: unknown): CostAnswer {
  const query = CostQuery.parse(body);
  const figures = (value: string) =>
    Object.fromEntries(query.measures.map((name) => [name, { value: name === "rowCount" ? "12" : value }]));
  const compared = (value: string) => (query.compare === undefined ? {} : { comparison: figures(value) });
  const [by] = query.groupBy;
  const time = query.grain === undefined ? null : query.period.start;
  const values =
    by === undefined ? [[null, "100"]] : by === "serviceName" ? Object.entries(services) : [["eu-west-1", "70.5"]];
  return CostAnswer.parse({
    rows: values.map(([name, value]) => ({
      key: by === undefined ? {} : { [by]: name },
      isOther: false,
      time,
      currency: "USD",
      values: figures(value!),
      ...compared("50"),
      ...(query.share ? { share: { billedCost: { value: String(Number(value) / 100) } } } : {}),
    })),
    totals: [{ currency: "USD", values: figures("100"), ...compared("80") }],
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

function rowsAnswer(body: unknown): CostRowsAnswer {
  CostRowsQuery.parse(body);
  return CostRowsAnswer.parse({
    columns: [],
    rows: [{ serviceName: "EC2", billedCost: "0.0000000001", chargePeriodStart: "2026-11-01T00:00:00Z" }],
    nextCursor: null,
    meta: { position: "1", sql: "", isScoped: false, fromCache: false },
  });
}

function respond(method: string, path: string, body: unknown): unknown {
  if (path === "/api/v1/cost/catalog") return CostCatalog.parse(catalog);
  if (path === "/api/v1/cost/query") return answer(body);
  if (path === "/api/v1/cost/rows") return rowsAnswer(body);
  if (path.startsWith("/api/v1/cost/dimensions/serviceName/values"))
    return {
      values: Object.entries(services).map(([value, cost]) => ({
        value,
        rows: 1,
        costs: [{ currency: "USD", cost: { value: cost } }],
      })),
      total: 2,
    };
  if (path === "/api/session") return session;
  if (path === "/api/v1/views" && method === "GET") return { views };
  if (path === "/api/v1/views") {
    const made = saved({ ...(body as object), id: "11111111-1111-7111-8111-111111111111" });
    views = [...views, made];
    return made;
  }
  const id = path.split("/").at(-1);
  views = views.map((one) => (one.id === id ? saved({ ...one, ...(body as object), version: one.version + 1 }) : one));
  return views.find((one) => one.id === id);
}

const session = {
  signedIn: true,
  name: "Ann",
  email: "",
  company: "acme",
  role: "owner",
  permissions: ["costs:read", "views:write", "exports:write"],
  expiresAt: "2027-01-01T00:00:00Z",
};

function saved(input: object): SavedView {
  return SavedView.parse({
    id: "00000000-0000-7000-8000-000000000000",
    name: "By region",
    description: "",
    view: CostView.parse({ groupBy: ["regionId"] }),
    visibility: "private",
    version: 1,
    owner: { id: "1", name: "Ann" },
    changedBy: { id: "1", name: "Ann" },
    createdAt: "2026-11-01T00:00:00Z",
    changedAt: "2026-11-01T00:00:00Z",
    isPinned: false,
    isDefault: false,
    mayChange: true,
    ...input,
  });
}

beforeEach(() => {
  [asked, views, refuse] = [[], [], null];
  useToasts.setState({ shown: [] });
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(640);
  vi.spyOn(HTMLElement.prototype, "offsetWidth", "get").mockReturnValue(1200);
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(640);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(1200);
  vi.stubGlobal("scrollTo", () => {});
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
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    asked.push({ method, path, body });
    if (refuse !== null && method !== "GET" && path.startsWith("/api/v1/views"))
      return new Response(JSON.stringify(refuse.body), { status: refuse.status });
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
  const explorer = createRoute({
    getParentRoute: () => root,
    path: "/explorer",
    validateSearch: readViewSearch,
    component: ExplorerPage,
  });
  const history = createMemoryHistory({ initialEntries: [address] });
  const router = createRouter({ routeTree: root.addChildren([explorer]), history });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  return { history, search: () => router.state.location.search as Record<string, unknown> };
}

const bodies = (path: string) => asked.filter((one) => one.path === path).map((one) => one.body as CostQuery);
const row = (name: RegExp) => screen.findByRole("row", { name });

it("opens with the figure, what it is held against, and what explains most of it", async () => {
  open("/explorer?v=1&period=2026-11-01..2026-11-21");
  const sentence = await screen.findByTestId("sentence");
  await waitFor(() => expect(sentence.textContent).toContain("EC2 is 70.5 % of it"));
  expect(sentence.textContent).toMatch(
    /^Billed cost, 1 to 21 Nov 2026: \$100\.00.*\+\$20\.00 \(\+25\.0 %\), worse against 1 to 21 Oct 2026/,
  );
  expect((await row(/EC2/)).textContent).toContain("$70.50");
  expect((await row(/^Total of 2/)).textContent).toContain("$100.00");
});

it("groups by what is chosen in the list, and the back button undoes it", async () => {
  const { history, search } = open("/explorer?v=1");
  await row(/EC2/);
  fireEvent.click(screen.getByRole("button", { name: "Region" }));
  await row(/eu-west-1/);
  expect(search()).toMatchObject({ by: "regionId" });
  history.back();
  await row(/EC2/);
  expect(search()).not.toHaveProperty("by");
});

it("opens a group into those inside it only when it is asked to", async () => {
  open("/explorer?by=serviceName,regionId&v=1");
  const ec2 = await row(/EC2/);
  const inside = () => bodies("/api/v1/cost/query").filter((query) => JSON.stringify(query.groupBy) === '["regionId"]');
  expect(inside()).toEqual([]);
  fireEvent.click(within(ec2).getByRole("button", { name: "Open" }));
  await row(/eu-west-1/);
  expect(inside()).toMatchObject([{ filter: { dimension: "serviceName", is: "EC2" } }]);
});

it("filters by values that are picked from a list with their cost", async () => {
  const { search } = open("/explorer?v=1");
  await row(/EC2/);
  fireEvent.click(screen.getByRole("button", { name: "Filter by Service" }));
  fireEvent.click(await screen.findByRole("checkbox", { name: "S3" }));
  fireEvent.click(screen.getByRole("button", { name: "Apply" }));
  await waitFor(() => expect(search()).toMatchObject({ where: "serviceName = S3" }));
  expect(await screen.findByRole("button", { name: "Remove the filter Service S3" })).toBeTruthy();
  await waitFor(() =>
    expect(bodies("/api/v1/cost/query").at(-1)).toMatchObject({ filter: { dimension: "serviceName", is: "S3" } }),
  );
});

it("drills into a name, with its context", async () => {
  const { search } = open("/explorer?chart=ranking&v=1");
  const ec2 = await row(/EC2/);
  fireEvent.click(within(ec2).getByRole("button", { name: "EC2" }));
  await waitFor(() =>
    expect(search()).toMatchObject({ where: "serviceName = EC2", by: "subAccountId", chart: "ranking" }),
  );
});

it("opens the proof of the figure that is clicked", async () => {
  const { search } = open("/explorer?period=2026-11-01..2026-11-21&v=1");
  const ec2 = await row(/EC2/);
  fireEvent.click(within(ec2).getByRole("button", { name: /^Billed cost of EC2/ }));
  await waitFor(() =>
    expect(search()["proof"]).toMatchObject({
      measure: "billedCost",
      filter: { dimension: "serviceName", is: "EC2" },
      period: { start: "2026-11-01", end: "2026-11-22" },
      currency: "USD",
    }),
  );
});

it("shows the charge rows digit by digit, in the columns and the order of the address", async () => {
  open("/explorer?view=rows&columns=chargePeriodStart,serviceName,billedCost&order=-billedCost&v=1");
  expect((await row(/EC2/)).textContent).toContain("0.0000000001");
  expect(asked.find((one) => one.path === "/api/v1/cost/rows")?.body).toMatchObject({
    columns: ["chargePeriodStart", "serviceName", "billedCost"],
    orderBy: { by: "billedCost", direction: "desc" },
  });
});

it("says what of a damaged address it could not read, since figures may be of more", async () => {
  open("/explorer?where=serviceName+=+%27Ama&v=1");
  expect(await screen.findByText("A part of this address could not be read: filter.")).toBeTruthy();
});

it("opens with the person's own start, and marks what was changed since it was saved", async () => {
  views = [saved({ isDefault: true })];
  open("/explorer");
  await row(/eu-west-1/);
  expect(screen.getByRole("button", { name: "By region" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Save" })).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Service" }));
  await row(/EC2/);
  expect(screen.getByRole("button", { name: /By region, changed since it was saved/ })).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(views[0]).toMatchObject({ version: 2, view: { groupBy: ["serviceName"] } }));
  await waitFor(() => expect(screen.queryByRole("button", { name: "Save" })).toBeNull());
});

it("takes back a change that was refused, and says who was faster", async () => {
  views = [saved({})];
  refuse = {
    status: 409,
    body: { code: "conflict", detail: 'Bob changed "By region" after you opened it.', facts: { changedBy: "Bob" } },
  };
  open(`/explorer?saved=${views[0]!.id}&by=serviceName&v=1`);
  await row(/EC2/);
  fireEvent.click(await screen.findByRole("button", { name: "Save" }));
  expect(await screen.findByText("Bob was faster.")).toBeTruthy();
  expect(await screen.findByRole("button", { name: "Save" })).toBeTruthy();
});

it("saves what is seen under a name", async () => {
  const { search } = open("/explorer?by=regionId&v=1");
  await row(/eu-west-1/);
  fireEvent.click(screen.getByRole("button", { name: "Save as" }));
  fireEvent.change(await screen.findByLabelText("Name"), { target: { value: "Regions" } });
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(views).toMatchObject([{ name: "Regions", view: { groupBy: ["regionId"] } }]));
  await waitFor(() => expect(search()).toEqual({ saved: views[0]!.id }));
});

it("shows what the bills said on an earlier day, and the newest again", async () => {
  const { search } = open("/explorer?v=1");
  await row(/EC2/);
  const openMenu = async () => fireEvent.click(await screen.findByRole("button", { name: /As of/ }));
  const lastAsked = () => bodies("/api/v1/cost/query").at(-1)!;
  await openMenu();
  fireEvent.change(await screen.findByLabelText("As of the end of"), { target: { value: "2026-01-31" } });
  fireEvent.click(screen.getByRole("button", { name: "Show" }));
  await waitFor(() => expect(lastAsked()).toMatchObject({ asOf: "2026-01-31" }));
  expect(search()).toMatchObject({ asOf: "2026-01-31" });
  await openMenu();
  fireEvent.click(await screen.findByRole("button", { name: "Show the newest" }));
  await waitFor(() => expect(search()).not.toHaveProperty("asOf"));
});
