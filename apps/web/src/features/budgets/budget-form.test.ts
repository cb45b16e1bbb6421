import type { Budget } from "@finops/capabilities/budgets/contract";
import { expect, it } from "vitest";
import { formOf, newForm, previewOf, readForm } from "./budget-form.ts";
import { amountWords, grainWords, knownDays, standingSentence, toTree } from "./budget-words.ts";

const budget = (more: Partial<Budget> = {}): Budget => ({
  id: "1",
  name: "Clusters",
  parentId: null,
  version: 3,
  filter: { dimension: "serviceName", is: "EKS" },
  measure: "billedCost",
  currency: "EUR",
  periods: { grain: "quarter", start: "2026-01-01", end: null },
  amount: { kind: "plan", amounts: [{ start: "2026-01-01", amount: "10" }] },
  rollover: { kind: "unused", cap: "5" },
  watchers: [{ id: "w", name: "Wanda" }],
  notes: "",
  links: [{ title: "Wiki", url: "https://wiki.example" }],
  owner: { id: "o", name: "Olga" },
  createdAt: "",
  changedBy: { id: "o", name: "Olga" },
  changedAt: "",
  standing: null,
  mayChange: true,
  ...more,
});

const standing: NonNullable<Budget["standing"]> = {
  period: { start: "2026-11-01", end: "2026-12-01" },
  phase: "running",
  state: "at-risk",
  limit: "250",
  base: "250",
  carriedIn: "0",
  actual: "200",
  expected: "300",
  expectedMissing: null,
  committed: "0",
  variance: { amount: "-50", percent: "-20" },
  expectedVariance: { amount: "50", percent: "20" },
  usedPercent: "80",
  evenToDate: "175",
  daysLeft: 9,
  dailyAllowance: "5.5",
  dataEnd: "2026-11-21",
  settled: { until: "2026-11-21", amount: "200" },
  change: null,
  children: null,
  otherCurrencies: [],
  position: "7",
  evaluatedAt: "2026-11-22T00:00:00Z",
  day: "2026-11-22",
};

it("reads what is typed, and says what is wrong with it first", () => {
  const form = { ...newForm("USD", "2026-11-22"), name: "Clusters" };
  expect(readForm(form, [], null).problem).toContain("1200.00");
  expect(readForm({ ...form, amount: " 1200.00 " }, [], null).input).toMatchObject({
    periods: { grain: "month", start: "2026-11-01", end: null },
    amount: { kind: "fixed", amount: "1200.00" },
    rollover: { kind: "none", cap: null },
    parentId: null,
    ownerId: null,
  });
  expect(readForm({ ...form, amountKind: "growing", amount: "1", percent: "x" }, [], null).problem).toContain("2.5");
  expect(readForm({ ...form, grain: "custom" }, [], null).problem).toContain("which day");
  expect(previewOf({ ...form, name: "" }, [], null)).toBeNull();
  expect(previewOf({ ...form, name: "", amountKind: "children" }, [], null)).toMatchObject({ id: null });
});

it("gives back a budget as it is kept, with what the form does not show", () => {
  const kept = budget();
  const form = formOf(kept);
  expect(form.plan).toBe("2026-01-01\t10");
  const planned = [{ start: "2026-01-01", amount: "10" }];
  const { filter, measure, currency, periods, amount, rollover, links } = kept;
  expect(readForm(form, planned, kept).input).toMatchObject({
    filter,
    measure,
    currency,
    periods,
    amount,
    rollover,
    links,
    watcherIds: ["w"],
  });
});

it("says in a sentence how a budget stands", () => {
  const say = (more: Partial<typeof standing> | null) =>
    standingSentence({ currency: "USD", standing: more === null ? null : { ...standing, ...more } });
  expect(say({})).toBe(
    "November 2026 stands at $200.00 of $250.00 and is expected to end at $300.00, $50.00 over the limit.",
  );
  expect(say({ expected: "240", expectedVariance: { amount: "-10", percent: "-4" } })).toContain(
    "$10.00 below the limit",
  );
  expect(say({ actual: null })).toBe("There is no data for November 2026; its limit is $250.00.");
  expect(say({ phase: "over" })).toBe("November 2026 stands at $200.00 of $250.00.");
  expect(say({ phase: "upcoming" })).toContain("It begins on");
  expect(say(null)).toBe("It is being worked out.");
});

it("has words for periods and amounts", () => {
  expect(grainWords(budget().periods)).toBe("Each quarter");
  expect(amountWords(budget().amount, "EUR")).toBe("a plan of 1 amounts");
  expect(amountWords({ kind: "growing", amount: "10", percent: "2" }, "USD")).toContain("growing by 2 %");
  expect(knownDays(standing)).toEqual({ start: "2026-11-01", end: "2026-11-21" });
  expect(knownDays({ ...standing, dataEnd: null })).toEqual(standing.period);
});

it("puts budgets below their parents, and at the top where nobody sees those", () => {
  const all = [
    budget({ id: "child", parentId: "parent" }),
    budget({ id: "lost", parentId: "hidden" }),
    budget({ id: "parent" }),
  ];
  expect(toTree(all).map((row) => [row.budget.id, row.level])).toEqual([
    ["lost", 0],
    ["parent", 0],
    ["child", 1],
  ]);
});
