import { asksNothing, demoUrl, expect, expectAccessible, test } from "./journey.ts";
import { companyUrl, makeCompany, openOwnerLink, operate } from "./operator.ts";

test("who does nothing is warned before the session ends, and stays by saying so", async ({ page }) => {
  const company = await makeCompany("Long lunch");
  await openOwnerLink(page, company);
  await page.goto(companyUrl(company, "/profile"));
  await expect(page.getByRole("list", { name: "Sessions" })).toContainText("This one");
  // Five minutes is the shortest that a company may choose, so the server's answer is told as of its last minute and a half.
  const soon = new Date(Date.now() + 90_000).toISOString();
  await page.route("**/api/session", async (route) => {
    // The platform's own host, for names below localhost are the browser's to resolve.
    const answer = await route.fetch({ url: demoUrl("/api/session") });
    await route.fulfill({ response: answer, json: { ...(await answer.json()), idleUntil: soon } });
  });
  await page.reload();
  const warning = page.getByRole("dialog", { name: "Are you still there?" });
  await expect(warning).toContainText("You are signed out in about 2 minutes");
  await expectAccessible(page);
  await page.unroute("**/api/session");
  await warning.getByRole("button", { name: "Stay signed in" }).click();
  await expect(warning).toHaveCount(0);
});

test("a session that ended keeps the page as it is until the same person signs in again", async ({ page, context }) => {
  const company = await makeCompany("Night shift");
  await openOwnerLink(page, company);
  await page.goto(companyUrl(company, "/settings/access"));
  const domains = page.getByLabel("Domains of e-mail addresses");
  await domains.fill("night.example");
  await asksNothing(page);
  await operate("POST", "/api/v1/sessions/end-all", {}, company.subdomain);
  const ended = page.getByRole("dialog", { name: "Your session has ended" });
  await expect(ended).toBeVisible();
  await expectAccessible(page);
  const [other] = await Promise.all([
    context.waitForEvent("page"),
    ended.getByRole("link", { name: "Sign in in another tab" }).click(),
  ]);
  await expect(other.getByRole("heading", { name: "Sign in to see your costs" })).toBeVisible();
  await openOwnerLink(other, company);
  await expect(ended).toHaveCount(0);
  await expect(domains).toHaveValue("night.example");
});

test("signing out in one tab signs the others out", async ({ page, context }) => {
  const company = await makeCompany("Two tabs");
  await openOwnerLink(page, company);
  const other = await context.newPage();
  await other.goto(companyUrl(company, "/profile"));
  await expect(other.getByRole("list", { name: "Sessions" })).toContainText("This one");
  await page.goto(companyUrl(company, "/profile"));
  for (const tab of [page, other]) await asksNothing(tab);
  // As a person does it: in the tab that they see.
  await page.bringToFront();
  await page.getByRole("button", { name: /^Owner of / }).click();
  await page.getByRole("menuitem", { name: "Sign out", exact: true }).click();
  for (const tab of [page, other])
    await expect(tab.getByRole("heading", { name: "Sign in to see your costs" })).toBeVisible();
});
