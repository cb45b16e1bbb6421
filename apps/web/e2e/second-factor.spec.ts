import { createHmac } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, mailedLink, settle, test } from "./journey.ts";
import { companyUrl, makeCompany, openOwnerLink, operate, signOut } from "./operator.ts";

const stepMs = 30_000;

/** A code by RFC 6238, for so many steps after the current one; a code is taken once, and one that comes early too. */
function codeOf(secret: string, stepsAhead = 0): string {
  const bits = Array.from(secret, (letter) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"),
  );
  const bytes = bits.join("").match(/.{8}/g)!;
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / stepMs) + stepsAhead));
  const hash = createHmac("sha1", Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2))))
    .update(counter)
    .digest();
  const at = hash.at(-1)! & 0xf;
  return String((hash.readUInt32BE(at) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, "0");
}

/** Adds an app where the page offers it. Returns its secret and the recovery codes. */
async function addApp(page: Page): Promise<{ secret: string; recoveryCodes: string[] }> {
  await page.getByRole("button", { name: "Add an app that shows codes" }).click();
  await expect(page.getByRole("img", { name: "The secret for your app" })).toBeVisible();
  const secret = (await page.locator("code").textContent())!;
  await page.getByLabel("The code that it shows").fill(codeOf(secret));
  await page.getByRole("button", { name: "Confirm" }).click();
  const kept = page.getByRole("region", { name: "Keep your recovery codes" });
  await expect(kept.getByRole("listitem")).toHaveCount(10);
  const recoveryCodes = await kept.getByRole("listitem").allTextContents();
  await expectAccessible(page);
  await comeBackLater(page);
  await kept.getByLabel("I have kept them in a safe place").check();
  await kept.getByRole("button", { name: "Go on" }).click();
  return { secret, recoveryCodes };
}

/** A look into another program, such as the one that keeps the codes: what is old is asked for again on the way back. */
async function comeBackLater(page: Page): Promise<void> {
  await page.clock.fastForward("01:00");
  const asked = page.waitForResponse((answer) => answer.url().endsWith("/api/session"));
  await page.evaluate(() => window.dispatchEvent(new Event("visibilitychange")));
  await asked;
  await settle(page);
}

async function show(page: Page, code: string): Promise<void> {
  const heading = page.getByRole("heading", { name: "Show that it is you" });
  await expect(heading).toBeVisible();
  await page.getByLabel("Code").fill(code);
  await page.getByRole("button", { name: "Go on" }).click();
  await expect(heading).toHaveCount(0);
}

test("an app that shows codes is asked for at the next sign-in, and a recovery code stands in for it", async ({
  page,
}) => {
  await page.clock.install();
  const company = await makeCompany("Codes and keys");
  await openOwnerLink(page, company);
  await page.goto(companyUrl(company, "/profile"));
  const { secret, recoveryCodes } = await addApp(page);
  await expect(page.getByText("10 recovery codes are left.")).toBeVisible();

  await signOut(page);
  await openOwnerLink(page, company);
  await expect(page.getByRole("heading", { name: "Show that it is you" })).toBeVisible();
  await expectAccessible(page);
  await show(page, codeOf(secret, 1));

  await signOut(page);
  await openOwnerLink(page, company);
  await show(page, recoveryCodes[0]!);
  await page.goto(companyUrl(company, "/profile"));
  await expect(page.getByText("9 recovery codes are left.")).toBeVisible();
  await page.getByRole("button", { name: "Remove the app" }).click();
  await expect(page.getByRole("button", { name: "Add an app that shows codes" })).toBeVisible();
});

test("a company that requires a second factor lets nobody further before they have one", async ({ page, browser }) => {
  await page.clock.install();
  const company = await makeCompany("Two steps");
  await openOwnerLink(page, company);
  await page.goto(companyUrl(company, "/profile"));
  await addApp(page);
  await page.goto(companyUrl(company, "/settings/access"));
  await page.getByLabel("Everybody needs a second factor").check();
  await page.getByRole("button", { name: "Save the rules" }).click();
  await expect(page.getByText("The rules are saved.")).toBeVisible();

  const email = `newcomer@${company.subdomain}.example`;
  await operate("POST", "/api/v1/invitations", { email, role: "viewer" }, company.subdomain);
  const context = await browser.newContext();
  const theirs = await context.newPage();
  await theirs.clock.install();
  await theirs.goto(await mailedLink(email));
  await theirs.getByRole("button", { name: "Sign in" }).click();
  await expect(theirs.getByRole("heading", { name: "Add a second factor" })).toBeVisible();
  await expectAccessible(theirs);
  await addApp(theirs);
  await expect(theirs.getByRole("button", { name: email })).toBeVisible();
  await context.close();
});
