import { expect, it } from "vitest";
import { findBreaches } from "./source-rules.ts";

const breaches = (path: string, text: string) => findBreaches(path, text).map(({ line, rule }) => `${line}: ${rule}`);

it("lets only the clock read the time of the machine", () => {
  expect(breaches("packages/api/src/app.ts", "const a = 1;\nconst now = new Date();")).toEqual(["2: one-clock"]);
  expect(breaches("shared/kernel/src/clock.ts", "const now = new Date();")).toEqual([]);
  expect(breaches("packages/api/src/app.ts", 'const day = new Date("2026-11-22");')).toEqual([]);
});

it("refuses money as a number, but not in the browser's charts", () => {
  expect(breaches("packages/api/src/app.ts", "interface A { billedCost: number }")).toEqual(["1: no-money-as-number"]);
  expect(breaches("packages/ui/src/chart.tsx", "interface A { billedCost: number }")).toEqual([]);
});

it("refuses a tenant that is set for the whole session", () => {
  expect(breaches("packages/platform/src/db/a.ts", "select set_config('app.tenant_id', $1, false)")).toEqual([
    "1: no-session-tenant",
  ]);
  expect(breaches("packages/platform/src/db/a.ts", "select set_config('app.tenant_id', $1, true)")).toEqual([]);
});

it("asks for names that say something", () => {
  expect(breaches("packages/api/src/utils/date.ts", "")).toEqual(["1: telling-names"]);
  expect(breaches("packages/api/src/date-helpers.ts", "")).toEqual(["1: telling-names"]);
  expect(breaches("packages/api/src/commonwealth.ts", "")).toEqual([]);
});
