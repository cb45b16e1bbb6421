import { expect, type Page } from "@playwright/test";
import { fillEscalations, fillOnCall, fillRules, fillSchedules } from "./demo-things.ts";

/** A page of the application as a reader sees it: how to get there, and what says that it has come. */
interface Place {
  name: string;
  path: string;
  arrived: (page: Page) => Promise<void>;
  /** Makes what the demo has none of, so that there is something to look at. */
  fill?: (page: Page) => Promise<unknown>;
  /** What it shows is of the server's day, so that no picture of it would hold tomorrow. */
  isOfToday?: true;
  /** What of it moves with the server's day, and is covered in its picture. */
  moving?: RegExp;
}

const seesHeading = (name: string | RegExp) => async (page: Page) =>
  expect(page.getByRole("heading", { name }).first()).toBeVisible();
const seesSentence = async (page: Page) => expect(page.getByTestId("sentence")).toBeVisible();

async function seesSources(page: Page): Promise<void> {
  await expect(page.getByRole("list", { name: "Sources" }).getByRole("listitem").first()).toBeVisible();
}

async function openSource(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Azure cost details/ }).click();
  await seesHeading("Months and versions")(page);
}

/** Every page, and what opens over or beside one. */
export const places: readonly Place[] = [
  { name: "overview", path: "/", arrived: seesSentence },
  { name: "overview-months", path: "/?preset=last-6-months", arrived: seesSentence },
  {
    name: "proof",
    path: "/?preset=last-month",
    arrived: async (page) => {
      await page.getByTestId("sentence").getByRole("button").first().click();
      const panel = page.getByRole("complementary", { name: /^Proof/ });
      await expect(panel).toContainText(/All \d+ checks add up/);
      await expect(panel.getByRole("link", { name: /in the explorer/ })).toBeVisible();
    },
  },
  {
    name: "palette",
    path: "/?preset=last-month",
    arrived: async (page) => {
      await seesSentence(page);
      await page.keyboard.press("Control+k");
      await expect(page.getByRole("combobox")).toBeFocused();
      await expect(page.getByRole("option").first()).toBeVisible();
    },
  },
  { name: "explorer", path: "/explorer?period=last-6-months&by=subAccountId,serviceName&v=1", arrived: seesSentence },
  {
    name: "explorer-rows",
    path: "/explorer?period=last-month&view=rows&order=-billedCost&v=1",
    arrived: async (page) => {
      await seesSentence(page);
      await expect(
        page.getByRole("grid", { name: "Charge rows" }).or(page.getByRole("list", { name: "Charge rows" })),
      ).toContainText("20");
    },
  },
  { name: "dashboards", path: "/dashboards", arrived: seesHeading("Dashboards") },
  { name: "reports", path: "/reports", arrived: seesHeading("Reports") },
  {
    name: "reports-schedules",
    path: "/reports/schedules",
    fill: fillSchedules,
    isOfToday: true,
    arrived: async (page) => expect(page.getByRole("grid", { name: "Schedules" })).toBeVisible(),
  },
  // Months far ahead, where no budget of the demo depends on the day.
  {
    name: "budget-planner",
    path: "/budgets/planner?when=chosen&from=2029-01&until=2029-06",
    moving: /expected in/,
    arrived: async (page) =>
      expect(page.getByRole("region", { name: "Plan" }).getByRole("slider").first()).toBeVisible(),
  },
  { name: "budget-performance", path: "/budgets/performance", isOfToday: true, arrived: seesSentence },
  {
    name: "alert-escalations",
    path: "/alerts/escalations",
    fill: fillEscalations,
    arrived: async (page) => expect(page.getByRole("grid", { name: "Chains" })).toBeVisible(),
  },
  { name: "alert-on-call", path: "/alerts/on-call", fill: fillOnCall, isOfToday: true, arrived: seesSentence },
  {
    name: "alert-noise",
    path: "/alerts/noise",
    fill: fillRules,
    isOfToday: true,
    arrived: async (page) => expect(page.getByRole("grid").first()).toBeVisible(),
  },
  {
    name: "inbox",
    path: "/budgets/planner?when=chosen&from=2029-01&until=2029-06",
    isOfToday: true,
    arrived: async (page) => {
      await page.getByRole("button", { name: /^Inbox/ }).click();
      await expect(page.getByRole("dialog", { name: "Inbox" })).toBeVisible();
    },
  },
  { name: "bills", path: "/bills", arrived: seesSources },
  {
    name: "source",
    path: "/bills",
    arrived: openSource,
  },
  {
    name: "version",
    path: "/bills",
    arrived: async (page) => {
      await openSource(page);
      await page
        .getByRole("button", { name: /^[A-Z][a-z]+ \d{4}$/ })
        .first()
        .click();
      await seesHeading("FOCUS conformance")(page);
    },
  },
];
