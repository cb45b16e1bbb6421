import { demoState, demoUrl, expect, expectAccessible, expectNoSideways, settle, test, widen } from "./journey.ts";

test.use({ storageState: demoState });

test("a budget is made, is over, and its figure leads to the charges", async ({ page }) => {
  await page.goto(demoUrl("/budgets"));
  await page.getByRole("button", { name: "New budget" }).first().click();
  const panel = page.getByRole("complementary", { name: "New budget" });
  await panel.getByLabel("Name").fill("All clouds");
  await panel.getByLabel("For", { exact: true }).selectOption("Each year");
  await panel.getByLabel("In USD").fill("1.00");
  await expect(panel.getByRole("region", { name: "Preview" })).toContainText("Over");
  await expectAccessible(page, "all but colours");
  await panel.getByRole("button", { name: "Make the budget" }).click();

  await expect(page.getByRole("heading", { name: "All clouds" })).toBeVisible();
  // The server works it out, and the page hears of it.
  await expect(page.getByTestId("sentence")).toContainText(/stands at \$[\d,.]+ of \$1\.00/);
  await expect(page.getByText("Over", { exact: true }).first()).toBeVisible();
  await expect(page.getByRole("img", { name: /is left/ })).toBeVisible();
  await settle(page);
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSideways(page);
  await widen(page);
  const spent = await page.getByTitle("Opens the explorer").textContent();
  await page.getByTitle("Opens the explorer").click();
  await expect(page).toHaveURL(/\/explorer/);
  await expect(page.getByTestId("sentence")).toContainText(spent!);
});

test("the demo's budgets are a tree in every state, which a phone reaches by a tab", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(demoUrl("/"));
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Budgets" }).click();
  await expect(page.getByTestId("sentence")).toContainText(/are? over/);
  await expect(page.getByText("All clouds").first()).toBeVisible();
  await expectNoSideways(page);
});

test("a budget of a template and a file follows a saved view, is copied, and somebody is mentioned", async ({
  page,
}) => {
  const name = `Files ${Date.now()}`;
  const view = await page.request.post(demoUrl("/api/v1/views"), {
    data: { name, view: { filter: { dimension: "chargeCategory", is: "Usage" } }, visibility: "company" },
    headers: { "x-finops-request": "1", origin: demoUrl().replace(/\/$/, "") },
  });
  expect(view.status()).toBe(201);
  await page.goto(demoUrl("/budgets?edit=yes"));
  const panel = page.getByRole("complementary", { name: "New budget" });
  await panel.getByLabel("Begin with a template").selectOption("Next year, with its seasons");
  await panel.getByRole("button", { name: "Fill in" }).click();
  await expect(panel.getByLabel(/^The plan/)).toHaveValue(/^\d{4}-01-01\t/);
  await panel.getByLabel("Name").fill(name);
  await panel.getByLabel("Costs of").selectOption("A saved view");
  await panel.getByLabel("View that the company shares").selectOption(name);
  await panel.getByLabel("For", { exact: true }).selectOption("Each quarter");
  const year = (await panel.getByLabel("From", { exact: true }).inputValue()).slice(0, 4);
  const rows = (amount: string) => ["01", "04", "07", "10"].map((month) => `${year}-${month};${amount}`).join("\n");
  const read = (text: string) =>
    panel.getByLabel("File of the plan").setInputFiles({
      name: "plan.csv",
      mimeType: "text/csv",
      buffer: Buffer.from(text),
    });
  await read(rows("12OO"));
  await expect(panel.getByRole("alert")).toContainText('Row 1: "12OO" is text');
  await read(rows("1200.50"));
  await panel.getByRole("button", { name: "Add a link" }).click();
  await panel.getByLabel("Title of link 1").fill("Wiki");
  await panel.getByLabel("Address of link 1").fill("https://wiki.example/plan");
  await settle(page);
  await expectAccessible(page);
  await panel.getByRole("button", { name: "Make the budget" }).click();

  await expect(page.getByRole("heading", { name })).toBeVisible();
  await expect(page.getByRole("link", { name: "Wiki" })).toHaveAttribute("href", "https://wiki.example/plan");
  await page.getByLabel("Mention a person").selectOption({ index: 1 });
  await expect(page.getByText(/^Told by mail/)).toBeVisible();
  await page.getByRole("button", { name: "Comment" }).click();
  await expect(page.getByRole("list", { name: "Comments" })).toContainText("@");

  await page.getByRole("button", { name: "More for this budget" }).click();
  await page.getByRole("menuitem", { name: "Save as template" }).click();
  await page.getByRole("dialog").getByLabel("What it is for").fill("<b>Quarters</b>");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(`${name} is a template now.`)).toBeVisible();

  await page.getByRole("button", { name: "More for this budget" }).click();
  await page.getByRole("menuitem", { name: "Copy to next year" }).click();
  const copy = page.getByRole("complementary", { name: "Copy for the next fiscal year" });
  await copy.getByLabel("Percent on top").fill("10");
  await expect(copy.getByRole("list", { name: "What would be made" })).toContainText("$5,282.20");
  await settle(page);
  await expectAccessible(page);
  await copy.getByRole("button", { name: "Make the copy" }).click();
  await expect(page.getByText("The copy is made.")).toBeVisible();

  // The bell of every page rang when it was said.
  await page.getByRole("button", { name: /^Inbox, \d+ unread/ }).click();
  const inbox = page.getByRole("dialog", { name: "Inbox" });
  const told = inbox.getByRole("listitem").filter({ hasText: "mentioned you" }).filter({ hasText: name });
  await expect(told).toContainText("unread");
  await settle(page);
  await expectAccessible(page);
  await told.getByRole("button", { name: `Mark what is said of ${name} read` }).click();
  await expect(told).not.toContainText("unread");
  await told.getByRole("link", { name }).click();
  await expect(page.getByRole("heading", { name })).toBeVisible();
  await expect(inbox).toBeHidden();
});
