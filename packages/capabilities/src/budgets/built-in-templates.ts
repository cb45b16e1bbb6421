import type { TemplateShape } from "./contract.ts";

interface BuiltIn {
  id: string;
  name: string;
  about: string;
  shape: TemplateShape;
}

const plain = {
  measure: "effectiveCost",
  currency: null,
  rollover: { kind: "none", cap: null },
  notes: "",
  links: [],
} as const;

/** What every company begins with, by what a budget is for. */
export const builtInTemplates: readonly BuiltIn[] = [
  {
    id: "team-month",
    name: "Team, each month",
    about: "One amount a month without end; what a team leaves, it may spend in the next.",
    shape: {
      ...plain,
      periods: { grain: "month", begins: "now", months: null },
      amount: { kind: "asked" },
      rollover: { kind: "unused", cap: null },
      links: [],
    },
  },
  {
    id: "cloud-account",
    name: "Cloud account",
    about: "What was billed for an account, month by month in this fiscal year, as much as a year before.",
    shape: {
      ...plain,
      measure: "billedCost",
      periods: { grain: "month", begins: "year", months: 12 },
      amount: { kind: "last-year", percent: "0" },
      links: [],
    },
  },
  {
    id: "project",
    name: "Project with an end",
    about: "One amount from today until the project is over.",
    shape: { ...plain, periods: { grain: "custom", days: 180 }, amount: { kind: "asked" }, links: [] },
  },
  {
    id: "year-with-seasons",
    name: "Next year, with its seasons",
    about: "The next fiscal year month by month, each as much as a year before and 5 % more.",
    shape: {
      ...plain,
      periods: { grain: "month", begins: "next-year", months: 12 },
      amount: { kind: "last-year", percent: "5" },
      links: [],
    },
  },
];
