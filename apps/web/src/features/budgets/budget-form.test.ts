import type { Budget } from "@finops/capabilities/budgets/contract";
import { expect, it } from "vitest";
import { formOf, formOfDraft, newForm, previewOf, readForm } from "./budget-form.ts";
import { amountWords, grainWords, knownDays, standingSentence, toTree, unitsWords } from "./budget-words.ts";

const budget = (more: Partial<Budget> = {}): Budget => ({
  id: "1",
  name: "Clusters",
  parentId: null,
  version: 3,
  filter: { dimension: "serviceName", is: "EKS" },
  scope: { kind: "filter" },
  isScopeGone: false,
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
  limitMissing: null,
  units: null,
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
  expect(readForm(form, []).problem).toContain("1200.00");
  expect(readForm({ ...form, amount: " 1200.00 " }, []).input).toMatchObject({
    periods: { grain: "month", start: "2026-11-01", end: null },
    amount: { kind: "fixed", amount: "1200.00" },
    rollover: { kind: "none", cap: null },
    parentId: null,
    ownerId: null,
  });
  expect(readForm({ ...form, amountKind: "growing", amount: "1", percent: "x" }, []).problem).toContain("2.5");
  expect(readForm({ ...form, grain: "custom" }, []).problem).toContain("which day");
  expect(previewOf({ ...form, name: "" }, [], null)).toBeNull();
  expect(previewOf({ ...form, name: "", amountKind: "children" }, [], null)).toMatchObject({ id: null });
});

it("gives back a budget as it is kept, with what the form does not show", () => {
  const kept = budget();
  const form = formOf(kept);
  expect(form.plan).toBe("2026-01-01\t10");
  const planned = [{ start: "2026-01-01", amount: "10" }];
  const { filter, measure, currency, periods, amount, rollover, links } = kept;
  expect(readForm(form, planned).input).toMatchObject({
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

it("names the unit or the view in the place of a filter, and asks for one", () => {
  const form = { ...newForm("USD", "2026-11-22"), name: "Clusters", amount: "1", scopeKind: "unit" as const };
  expect(readForm(form, []).problem).toBe("Choose the unit.");
  expect(readForm({ ...form, scopeId: "u" }, []).input).toMatchObject({
    filter: null,
    scope: { kind: "unit", id: "u" },
  });
  const kept = budget({ scope: { kind: "view", id: "v", name: "Web" } });
  expect(readForm(formOf(kept), [{ start: "2026-01-01", amount: "10" }]).input).toMatchObject({
    scope: { kind: "view", id: "v" },
  });
});

it("takes what a template knows, and leaves a row to fill in where it does not", () => {
  const draft = {
    measure: "billedCost" as const,
    currency: "USD",
    periods: { grain: "month" as const, start: "2026-01-01", end: "2026-03-01" },
    amount: {
      kind: "plan" as const,
      amount: null,
      metricId: null,
      percent: null,
      plan: [
        { start: "2026-01-01", amount: "10" },
        { start: "2026-02-01", amount: null },
      ],
    },
    rollover: { kind: "none" as const, cap: null },
    notes: "<b>plain</b>",
    links: [],
    missing: "One is missing.",
  };
  expect(formOfDraft(draft)).toMatchObject({
    plan: "2026-01-01\t10\n2026-02-01\t",
    amountKind: "plan",
    end: "2026-03-01",
    notes: "<b>plain</b>",
  });
});

it("refuses a link that is none, and previews nevertheless", () => {
  const form = { ...newForm("USD", "2026-11-22"), name: "Clusters", amount: "1" };
  const links = [{ title: "Wiki", url: "javascript:alert(1)" }];
  expect(readForm({ ...form, links }, []).problem).toBe("A link begins with https://.");
  expect(previewOf({ ...form, links }, [], null)).toMatchObject({ scope: { kind: "filter" } });
});

it("asks for the unit metric that a limit follows, and for the price of one", () => {
  const form = { ...newForm("USD", "2026-11-22"), name: "Shop", amountKind: "unit" as const, amount: "0.40" };
  expect(readForm(form, []).problem).toBe("Choose the unit metric.");
  expect(readForm({ ...form, metricId: "m" }, []).input?.amount).toEqual({
    kind: "unit",
    metricId: "m",
    price: "0.40",
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
  const limitMissing = "The unit metric Orders has no value of November 2026.";
  const none = { limit: null, limitMissing, state: "no-limit" as const };
  expect(say(none)).toBe(`November 2026 stands at $200.00, without a limit. ${limitMissing}`);
  expect(say({ ...none, actual: null })).toBe(`There is no limit and no data for November 2026. ${limitMissing}`);
  expect(say(null)).toBe("It is being worked out.");
});

it("has words for periods and amounts", () => {
  expect(grainWords(budget().periods)).toBe("Each quarter");
  expect(amountWords(budget().amount, "EUR")).toBe("a plan of 1 amounts");
  expect(amountWords({ kind: "growing", amount: "10", percent: "2" }, "USD")).toContain("growing by 2 %");
  const metric = { name: "Orders", unitOne: "order", unitMany: "orders", values: [], isGone: false };
  const follows = {
    kind: "unit" as const,
    metricId: "m",
    price: "0.40",
    metric: { ...metric, aggregation: "total" as const },
  };
  expect(amountWords(follows, "USD")).toBe("$0.40 for each order");
  expect(unitsWords(follows, { units: { quantity: "12000", kind: "planned" }, limitMissing: null })).toBe(
    "12,000 planned orders",
  );
  expect(unitsWords(follows, { units: null, limitMissing: "No value." })).toBe("No value.");
  expect(unitsWords({ kind: "children" }, standing)).toBeNull();
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
