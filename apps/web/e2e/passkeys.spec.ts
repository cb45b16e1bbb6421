import { expect, expectAccessible, test } from "./journey.ts";
import { companyUrl, makeCompany, openOwnerLink, signOut } from "./operator.ts";

test("a passkey is added, signs in by itself, and is removed", async ({ page, context }) => {
  const company = await makeCompany("Passkeys");
  // A device that has checked the person by a finger or a PIN, as Chromium plays one.
  const devices = await context.newCDPSession(page);
  await devices.send("WebAuthn.enable");
  await devices.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await openOwnerLink(page, company);
  await page.goto(companyUrl(company, "/profile"));
  await page.getByLabel("Name of a passkey").fill("Work laptop");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  const remove = page.getByRole("button", { name: "Remove the passkey Work laptop" });
  await expect(remove).toBeVisible();
  await expectAccessible(page);

  // It stands for two factors, so nothing else is asked for.
  await signOut(page);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await expect(page.getByRole("button", { name: /^Owner of / })).toBeVisible();
  await page.goto(companyUrl(company, "/profile"));
  await expect(page.getByRole("list", { name: "Sessions" })).toContainText("by passkey");

  // Behind a link it is the second factor.
  await signOut(page);
  await openOwnerLink(page, company);
  await expect(page.getByRole("heading", { name: "Show that it is you" })).toBeVisible();
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await expect(page.getByRole("button", { name: /^Owner of / })).toBeVisible();

  await page.goto(companyUrl(company, "/profile"));
  await remove.click();
  await expect(remove).toHaveCount(0);
  await signOut(page);
  await openOwnerLink(page, company);
  await expect(page.getByRole("button", { name: /^Owner of / })).toBeVisible();
});
