import { decimal, sum } from "@finops/kernel/decimal";
import fc from "fast-check";
import { expect, it } from "vitest";
import { rollOver } from "./rollover.ts";

const months = (...rows: [base: string, spent: string][]) =>
  rows.map(([base, spent]) => ({ base: decimal(base), spent: decimal(spent) }));
const limits = (rolled: ReturnType<typeof rollOver>) => rolled.map(({ limit }) => limit.toString());

it.each([
  ["none", null, ["100", "100", "100"]],
  ["unused", null, ["100", "130", "110"]],
  ["overspend", null, ["100", "100", "80"]],
  ["both", null, ["100", "130", "110"]],
  ["both", "20", ["100", "120", "100"]],
] as const)("rolls %s over, at most %s", (kind, cap, expected) => {
  expect(limits(rollOver(months(["100", "70"], ["100", "120"], ["100", "0"]), { kind, cap }))).toEqual(expected);
});

const amount = fc.bigInt({ min: 0n, max: 10n ** 15n }).map((cents) => decimal(cents).dividedBy(100));
const rule = fc.record({
  kind: fc.constantFrom("none" as const, "unused" as const, "overspend" as const, "both" as const),
  cap: fc.option(amount.map(String)),
});

it("makes and loses no money, whatever is spent", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ base: amount, spent: amount }), { minLength: 1, maxLength: 24 }),
      rule,
      (all, by) => {
        const rolled = rollOver(all, by);
        const given = sum(all.map(({ base }) => base));
        const spent = sum(all.map((one) => one.spent));
        const dropped = sum(rolled.map((one) => one.dropped));
        expect(given.minus(spent).toString()).toBe(dropped.plus(rolled.at(-1)!.carriedOut).toString());
        for (const [index, { carriedIn }] of rolled.entries())
          expect(carriedIn.toString()).toBe(index === 0 ? "0" : rolled[index - 1]!.carriedOut.toString());
      },
    ),
  );
});
