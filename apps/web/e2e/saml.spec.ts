import { startSamlProvider, type TestSamlProvider } from "../../../packages/platform/src/testing/saml-provider.ts";
import { expect, expectAccessible, mailedLink, test } from "./journey.ts";
import { companyUrl, inviteToOwn, makeCompany, openMailedLink, openOwnerLink } from "./operator.ts";

let provider: TestSamlProvider;
test.afterEach(() => provider.stop());

test("a company's own SAML provider is added, joined with an account by mail, and signs in from then on", async ({
  page,
}) => {
  test.slow();
  const company = await makeCompany("Saml");
  const at = (path: string) => companyUrl(company, path);
  const ada = `ada@${company.subdomain}.example`;
  await openOwnerLink(page, company);
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  const hers = await inviteToOwn(page, company, { email: ada });
  await hers.context().clearCookies();

  // What has to be registered at the provider stands beside the form.
  await page.goto(at("/settings/access"));
  await page.getByRole("button", { name: "SAML", exact: true }).click();
  const shown = async (label: string) => (await page.locator("dt", { hasText: label }).locator("+ dd").textContent())!;
  const [entityId, consumerUrl] = [await shown("Entity id"), await shown("Reply address")];
  provider = await startSamlProvider({ entityId, consumerUrl });
  provider.account = { name: "f3b1-ada", attributes: { email: [ada] } };
  await page.getByLabel("Name on the button").fill("Acme Login");
  await page.getByLabel("The provider's metadata").fill(provider.metadata);
  await page.getByRole("button", { name: "Add the provider" }).click();
  await expect(page.getByText(provider.issuer)).toBeVisible();
  await expectAccessible(page);

  const signIn = async () => {
    await hers.goto(at("/"));
    await hers.getByRole("link", { name: "Continue with Acme Login" }).click();
    await hers.getByRole("button", { name: "Go on" }).click();
  };
  const invitation = await mailedLink(ada);
  await signIn();
  await expect(hers.getByText("One step is left.")).toBeVisible();
  await openMailedLink(hers, company, ada, invitation);
  await hers.context().clearCookies();
  await signIn();
  await expect(hers.getByRole("navigation", { name: "Main" })).toBeVisible();
  await hers.goto(at("/profile"));
  await expect(hers.getByRole("list", { name: "Sessions" })).toBeVisible();
  await hers.context().close();
});
