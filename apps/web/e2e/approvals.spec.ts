import { expect, expectReadable, test } from "./journey.ts";
import { companyUrl, inviteToOwn, makeCompany, openOwnerLink } from "./operator.ts";

test("a role is asked for by one person, approved by another, and is there from then on", async ({ page }) => {
  test.slow();
  // A company of its own: what needs an approval would hold back the changes of other journeys.
  const company = await makeCompany("Four Eyes");
  const at = (path: string) => companyUrl(company, path);
  await openOwnerLink(page, company);
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  const ada = `ada@${company.subdomain}.example`;
  const hers = await inviteToOwn(page, company, { email: ada, role: "admin" });

  // The owner wants roles approved.
  await page.goto(at("/settings/approvals"));
  await expect(page.getByTestId("sentence")).toHaveText("No change waits for you.");
  await page.getByLabel("Roles and invitations").check();
  await expect(page.getByLabel("By who has")).toHaveValue("access:write");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status", { name: "Messages" })).toContainText("It holds from the next change on.");

  // Ada makes a role, is told that it waits, and finds no role.
  await hers.goto(at("/roles?role=%2B&from=viewer"));
  const draft = hers.getByRole("complementary", { name: "New role" });
  await draft.getByLabel("Name").fill("Quarter closer");
  await draft.getByLabel("imports:write").check();
  await draft.getByRole("button", { name: "Make the role" }).click();
  const told = hers.getByRole("status", { name: "Messages" });
  await expect(told).toContainText("Nothing is changed yet: this waits for approval.");
  await expect(hers.getByRole("grid", { name: "Roles" })).not.toContainText("Quarter closer");
  await expect(draft).toHaveCount(0);
  await told.getByRole("button", { name: "See what you asked for" }).click();
  const asked = hers.getByRole("complementary", { name: "A new role" });
  await expect(asked.getByRole("row", { name: /^Import, reprocess/ })).toContainText("Allowed");
  await expect(asked.getByRole("button", { name: "Take it back" })).toBeVisible();
  await expect(asked.getByRole("button", { name: "Approve" })).toHaveCount(0);

  // The owner approves it with a reason, by keyboard.
  await page.reload();
  await expect(page.getByTestId("sentence")).toHaveText("1 change waits for you.");
  await expect(page.getByRole("link", { name: /^Approvals/ })).toContainText("1 wait for you");
  await page.getByRole("rowheader", { name: /^Make the role "Quarter closer"/ }).click();
  const panel = page.getByRole("complementary", { name: "A new role" });
  await expect(panel).toContainText("It needs one other person with access:write");
  await expectReadable(page);
  await panel.getByLabel(/^Your reason/).fill("For the end of the year.");
  await page.keyboard.press("Tab");
  await expect(panel.getByRole("button", { name: "Approve" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status", { name: "Messages" })).toContainText("The change is made.");
  await expect(panel.getByRole("list", { name: "Decisions" })).toContainText("For the end of the year.");
  await panel.getByRole("button", { name: "Close the panel" }).click();
  await expect(page.getByTestId("sentence")).toHaveText("No change waits for you.");
  await page.getByRole("button", { name: "State Waiting" }).click();
  await page.getByRole("menuitemradio", { name: /^Made/ }).click();
  await expect(page.getByRole("grid", { name: "Changes" })).toContainText('Make the role "Quarter closer"');
  await hers.goto(at("/roles"));
  await expect(hers.getByRole("grid", { name: "Roles" })).toContainText("Quarter closer");

  // To want nothing approved needs an approval itself.
  await page.getByLabel("Roles and invitations").uncheck();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status", { name: "Messages" })).toContainText("this waits for approval");
  await hers.goto(at("/settings/approvals"));
  await hers.getByRole("rowheader", { name: /^Let no change need an approval/ }).click();
  await hers.getByRole("button", { name: "Approve" }).click();
  await expect(hers.getByRole("status", { name: "Messages" })).toContainText("The change is made.");
  await page.reload();
  await expect(page.getByLabel("Roles and invitations")).not.toBeChecked();
  await hers.context().close();
});
