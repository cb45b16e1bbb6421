import { demoState, demoUrl, expect, expectAccessible, expectReadable, mailedLink, settle, test } from "./journey.ts";

test.use({ storageState: demoState });

test("what one delegates is seen at both ends until it is taken back", async ({ page, browser }) => {
  const wren = "wren@harborline.example";
  await page.goto(demoUrl("/people?invite=yes"));
  const invite = page.getByRole("complementary", { name: "Invite a person" });
  await invite.getByLabel("E-mail address").fill(wren);
  await invite.getByLabel("Role").selectOption("viewer");
  await invite.getByRole("button", { name: "Send the invitation" }).click();
  await expect(page.getByRole("region", { name: "Invited, and not here yet" })).toContainText(wren);
  const theirs = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const hers = await theirs.newPage();
  await hers.goto(await mailedLink(wren));
  await hers.getByRole("button", { name: "Sign in" }).click();
  await expect(hers).toHaveURL(demoUrl("/"));

  await page.goto(demoUrl("/profile"));
  await page.getByRole("button", { name: "Delegate" }).click();
  const form = page.getByRole("complementary", { name: "Delegate" });
  await form.getByLabel("To", { exact: true }).selectOption({ label: wren });
  await form.getByLabel("Role").selectOption("auditor");
  await form.getByLabel("Why").fill("While I am away");
  await settle(page);
  await expectAccessible(page);
  await form.getByRole("button", { name: "Delegate it" }).click();
  const given = page.getByRole("list", { name: "What you gave" });
  await expect(given.getByRole("listitem")).toContainText(`to ${wren}`);

  await hers.goto(demoUrl("/profile"));
  const received = hers.getByRole("list", { name: "What you were given" });
  await expect(received.getByRole("listitem")).toContainText("While I am away");
  await page.goto(demoUrl("/people/grants?state=delegated"));
  await expect(page.getByRole("row", { name: /wren@harborline/ })).toContainText("Delegated by");
  await expectAccessible(page);

  await page.goto(demoUrl("/profile"));
  // It is seen here before the server has heard of it.
  const heard = page.waitForResponse((answer) => answer.request().method() === "DELETE");
  await given.getByRole("button", { name: /^Take back Auditor/ }).click();
  await expect(given).toHaveCount(0);
  await expect(page.getByText("You delegate nothing at the moment.")).toBeVisible();
  await heard;
  await hers.reload();
  await expect(hers.getByText("Nobody delegates anything to you.")).toBeVisible();
  await theirs.close();
});

test("a rule gives a role by an attribute, says how many it fits, and is deleted", async ({ page }) => {
  await page.goto(demoUrl("/roles"));
  await page.getByRole("button", { name: "New rule" }).click();
  const form = page.getByRole("complementary", { name: "New rule" });
  await form.getByLabel("Name").fill("Buyers see costs");
  await expect(form.getByLabel("Whose")).toHaveValue("groups");
  await form.getByLabel("Is", { exact: true }).fill("buyers");
  await form.getByLabel("Role").selectOption("finance");
  await expectReadable(page);
  await form.getByRole("button", { name: "Make the rule" }).click();
  const line = page.getByRole("list", { name: "Rules by attribute" }).getByRole("listitem");
  await expect(line).toContainText("Whose groups is “buyers” gets the role Finance");
  await expect(line).toContainText("Fits nobody");
  await expectAccessible(page);
  await line.getByRole("button", { name: "Delete the rule Buyers see costs" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("There is no rule yet.")).toBeVisible();
});
