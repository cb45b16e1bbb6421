import { expect, type Page } from "@playwright/test";

type Made = { id: string; name: string };

/** A chain that climbs to who is on call, for a page that would be empty in the demo. */
export async function fillEscalations(page: Page): Promise<void> {
  const onCall = await fillOnCall(page);
  const steps = [
    { afterMinutes: 15, to: { kind: "on-call", scheduleId: onCall.id } },
    { afterMinutes: 60, to: { kind: "person", personId: await ownerOf(page) } },
  ];
  await makeOnce(page, "alerts/escalations", "escalations", { name: "Costs after hours", steps, repeats: 1 });
}

export async function fillOnCall(page: Page): Promise<Made> {
  return makeOnce(page, "on-call", "schedules", {
    name: "FinOps of the week",
    timeZone: "Europe/Berlin",
    people: [{ personId: await ownerOf(page) }],
    handOver: { every: "week", weekday: 1, at: "09:00" },
    start: "2026-01-05",
  });
}

/** A rule that never fires: nobody is told anything while others look at the same demo. */
export async function fillRules(page: Page): Promise<void> {
  const conditions = [{ kind: "cost-above", currency: "USD", window: "month", above: "900000000" }];
  await makeOnce(page, "alerts/rules", "rules", { name: "A month far beyond all plans", conditions });
}

export async function fillSchedules(page: Page): Promise<void> {
  const { budgets } = await ask<{ budgets: Made[] }>(page, "GET", "budgets?limit=1");
  await makeOnce(page, "schedules", "schedules", {
    name: "How our clouds stand",
    sends: { kind: "budget", id: budgets[0]!.id },
    timing: { cadence: { kind: "monthly", day: 5 }, at: "08:00", timeZone: "Europe/Berlin" },
  });
}

async function ownerOf(page: Page): Promise<string> {
  return (await ask<{ members: Made[] }>(page, "GET", "members")).members[0]!.id;
}

/** Makes a thing, or finds the one that was made before, since several look at one demo. */
async function makeOnce(
  page: Page,
  path: string,
  list: string,
  thing: { name: string; [part: string]: unknown },
): Promise<Made> {
  const all = (await ask<Record<string, Made[]>>(page, "GET", path))[list] ?? [];
  return all.find(({ name }) => name === thing.name) ?? ask<Made>(page, "POST", path, thing);
}

/** Asks as the page would, once it is on the server. */
async function ask<T>(page: Page, method: "GET" | "POST", path: string, data?: object): Promise<T> {
  const { origin } = new URL(page.url());
  const answer = await page.request.fetch(`${origin}/api/v1/${path}`, {
    method,
    headers: { "x-finops-request": "1", origin },
    ...(data === undefined ? {} : { data }),
  });
  expect(answer.ok(), `${method} ${path} answers ${answer.status()}`).toBe(true);
  return (await answer.json()) as T;
}
