import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OnCallDefinition } from "./contract.ts";
import { onCallAt, shiftsBetween } from "./on-call.ts";

const weekly = OnCallDefinition.parse({
  timeZone: "Europe/Berlin",
  people: ["ada", "bob", "cem"].map((personId) => ({ personId })),
  handOver: { every: "week", weekday: 1, at: "09:00" },
  start: "2026-03-16",
});
const all = () => true;
const whoAt = (instant: string, schedule = weekly, isThere: (id: string) => boolean = all) =>
  onCallAt(schedule, new Date(instant), isThere).personId;

describe("a rotation", () => {
  it("hands over at nine on Mondays, also in the week that summer begins", () => {
    expect(whoAt("2026-03-23T07:59:59Z")).toBe("ada");
    expect(whoAt("2026-03-23T08:00:00Z")).toBe("bob");
    // Nine is an hour earlier from here on.
    expect(whoAt("2026-03-30T06:59:59Z")).toBe("bob");
    expect(whoAt("2026-03-30T07:00:00Z")).toBe("cem");
    expect(whoAt("2026-04-06T07:00:00Z")).toBe("ada");
  });

  it("hands over once in the night in which an hour comes twice", () => {
    const nightly = { ...weekly, handOver: { every: "day" as const, weekday: 1, at: "02:30" }, start: "2026-10-24" };
    expect(
      ["2026-10-25T00:29:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:10:00Z"].map((at) => whoAt(at, nightly)),
    ).toEqual(["ada", "bob", "bob"]);
  });

  it("that begins in the middle of a week has a short first turn, and nobody before it", () => {
    const midweek = { ...weekly, start: "2026-03-18" };
    expect(onCallAt(midweek, new Date("2026-03-17T22:59:00Z"), all)).toMatchObject({
      personId: null,
      why: "not-begun",
    });
    // Berlin's midnight, long before the hour of hand-overs.
    expect(whoAt("2026-03-17T23:00:00Z", midweek)).toBe("ada");
    expect(shiftsBetween(midweek, new Date("2026-03-17T12:00:00Z"), new Date("2026-03-18T12:00:00Z"), all)).toEqual([
      expect.objectContaining({ to: new Date("2026-03-17T23:00:00Z") }),
      expect.objectContaining({ from: new Date("2026-03-17T23:00:00Z"), to: new Date("2026-03-18T12:00:00Z") }),
    ]);
    expect(whoAt("2026-03-23T08:00:00Z", midweek)).toBe("bob");
  });

  it("gives way to an override from its first instant up to its last", () => {
    const overrides = [{ personId: "cem", from: "2026-03-17T10:00:00Z", to: "2026-03-17T18:00:00Z" }];
    const shifts = shiftsBetween(
      { ...weekly, overrides },
      new Date("2026-03-17T00:00:00Z"),
      new Date("2026-03-18T00:00:00Z"),
      all,
    );
    expect(shifts.map(({ turn, from }) => [turn.personId, from.toISOString().slice(11, 16)])).toEqual([
      ["ada", "00:00"],
      ["cem", "10:00"],
      ["ada", "18:00"],
    ]);
  });

  it("passes over who has left, and says when nobody is left", () => {
    expect(onCallAt(weekly, new Date("2026-03-17T00:00:00Z"), (id) => id !== "ada")).toEqual({
      personId: "bob",
      isOverride: false,
      passedOver: ["ada"],
    });
    expect(onCallAt(weekly, new Date("2026-03-17T00:00:00Z"), () => false)).toMatchObject({
      personId: null,
      why: "nobody-left",
    });
  });

  it("has exactly one person at every instant from its start on, the one of the shift that the calendar shows", () => {
    const minute = (from: string) => Date.parse(from) / 60_000;
    fc.assert(
      fc.property(
        fc.record({
          zone: fc.constantFrom("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "UTC"),
          every: fc.constantFrom("day" as const, "week" as const),
          weekday: fc.integer({ min: 1, max: 7 }),
          time: fc.tuple(fc.nat(23), fc.nat(59)),
          count: fc.integer({ min: 1, max: 5 }),
          from: fc.integer({ min: minute("2026-01-03"), max: minute("2026-12-20") }),
          after: fc.nat(9 * 24 * 60 - 1),
          left: fc.nat(5),
        }),
        ({ zone, every, weekday, time, count, from, after, left }) => {
          const at = time.map((part) => String(part).padStart(2, "0")).join(":");
          const people = Array.from({ length: count }, (_, index) => ({ personId: `p${index}` }));
          const schedule = { ...weekly, timeZone: zone, people, handOver: { every, weekday, at }, start: "2026-01-01" };
          const isThere = (id: string) => id !== `p${left}`;
          const [start, end] = [new Date(from * 60_000), new Date((from + 9 * 24 * 60) * 60_000)];
          const shifts = shiftsBetween(schedule, start, end, isThere);
          expect([shifts[0]!.from, shifts.at(-1)!.to]).toEqual([start, end]);
          for (const [index, one] of shifts.slice(1).entries()) expect(one.from).toEqual(shifts[index]!.to);
          const instant = new Date((from + after) * 60_000);
          const turn = onCallAt(schedule, instant, isThere);
          expect(turn.personId === null).toBe(count === 1 && left === 0);
          const shown = shifts.find((one) => one.from <= instant && instant < one.to)!;
          expect(shown.turn.personId).toBe(turn.personId);
        },
      ),
      { numRuns: 40 },
    );
  });
});
