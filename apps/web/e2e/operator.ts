import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Page } from "@playwright/test";
import { demoUrl, expect, mailedLink } from "./journey.ts";

/** A company of one journey alone, so that journeys disturb nobody. */
export interface OwnCompany {
  subdomain: string;
  name: string;
}

/** Asks the demo's server as its operator does: with the key of its data folder, which its printed lines stand in too. */
export async function operate<T>(method: string, path: string, body?: unknown, company = ""): Promise<T> {
  const key = readFileSync(join(dirname(process.env["E2E_DEMO_PRINTED"]!), "local-key"), "utf8");
  // Of several processes, the one that the key is of.
  const answer = await fetch(`${process.env["E2E_OPERATOR_URL"] ?? demoUrl("")}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      "x-finops-tenant": company,
      "content-type": "application/json",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  expect(answer.ok, `${method} ${path} was answered ${answer.status} ${text}`).toBe(true);
  return (text === "" ? null : JSON.parse(text)) as T;
}

/** A company that begins. A journey that is tried again makes another one of the same name. */
export async function makeCompany(name: string): Promise<OwnCompany> {
  const word = name.toLowerCase().replaceAll(/[^a-z]+/g, "-");
  const subdomain = `${word}-${Date.now().toString(36)}`;
  await operate("POST", "/api/local/companies", { subdomain, name });
  return { subdomain, name };
}

/** An address of the company's own host: no other company is in sight there. */
export function companyUrl({ subdomain }: OwnCompany, path = "/"): string {
  return demoUrl(path).replace("//localhost", `//${subdomain}.localhost`);
}

/** Opens a new link of the operator's in this browser, which signs the owner in as far as a link alone does. */
export async function openOwnerLink(page: Page, company: OwnCompany): Promise<void> {
  const { link } = await operate<{ link: string }>("POST", "/api/local/link", {}, company.subdomain);
  await page.goto(companyUrl(company, new URL(link).pathname));
}

/** Signs the demo's owner in anew: a journey that goes on to another company would end the session that the others share. */
export async function signInAnew(page: Page): Promise<void> {
  await page.context().clearCookies();
  const { link } = await operate<{ link: string }>("POST", "/api/local/link", {}, "demo");
  await page.goto(demoUrl(new URL(link).pathname));
}

/** Somebody whom the owner of the page invites, in a browser of their own, signed in by the link that was mailed. */
export async function inviteToOwn(
  page: Page,
  company: OwnCompany,
  { email, role }: { email: string; role?: string },
): Promise<Page> {
  await page.goto(companyUrl(company, "/people?invite=yes"));
  const invite = page.getByRole("complementary", { name: "Invite a person" });
  await invite.getByLabel("E-mail address").fill(email);
  if (role !== undefined) await invite.getByLabel("Role").selectOption(role);
  await invite.getByRole("button", { name: "Send the invitation" }).click();
  await expect(page.getByRole("region", { name: "Invited, and not here yet" })).toContainText(email);
  const theirs = await (await page.context().browser()!.newContext()).newPage();
  await openMailedLink(theirs, company, email);
  return theirs;
}

/** Signs in by the newest link that was mailed to an address. @param before the one before it, where there was one */
export async function openMailedLink(page: Page, company: OwnCompany, email: string, before?: string): Promise<void> {
  await page.goto(companyUrl(company, new URL(await mailedLink(email, before)).pathname));
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
}

/** Leaves by the menu of the person. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Owner of / }).click();
  await page.getByRole("menuitem", { name: "Sign out", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Sign in to see your costs" })).toBeVisible();
}
