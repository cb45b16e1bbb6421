import { expect, it } from "vitest";
import { fixedClock, systemClock } from "./clock.ts";

it("stands still when it is fixed, on the day of UTC", () => {
  const clock = fixedClock("2026-11-22T23:30:00-05:00");
  expect([clock.now().toISOString(), clock.today()]).toEqual(["2026-11-23T04:30:00.000Z", "2026-11-23"]);
  expect(clock.now()).toEqual(clock.now());
});

it("goes with the system otherwise", () => {
  const before = Date.now();
  const now = systemClock.now().getTime();
  expect(now >= before && now <= Date.now()).toBe(true);
  expect(systemClock.today()).toMatch(/^\d{4}-\d{2}-\d{2}$/);
});
