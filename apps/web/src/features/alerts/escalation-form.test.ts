import type { Escalation } from "@finops/capabilities/alerts/contract";
import { describe, expect, it } from "vitest";
import { afterWords, escalationFormOf, readEscalation } from "./escalation-form.ts";
import { onCallFormOf, readOnCall } from "./on-call-form.ts";
import { weeksOf } from "./on-call-weeks.ts";

describe("the form of a chain", () => {
  it("keeps whom each step tells", () => {
    const chain = {
      name: "Night",
      steps: [
        { afterMinutes: 0, to: { kind: "on-call", scheduleId: "s" } },
        { afterMinutes: 5, to: { kind: "channel", channelId: "c" } },
        { afterMinutes: 60, to: { kind: "person", personId: "p" } },
      ],
      repeats: 2,
      repeatAfterMinutes: 10,
    } as Escalation;
    expect(readEscalation(escalationFormOf(chain)).input).toEqual(chain);
    expect(readEscalation(escalationFormOf(null)).problem).toBe("Choose whom each step tells.");
    expect([0, 1, 45, 60, 120].map(afterWords).join("; ")).toBe(
      "at once; after a minute; after 45 minutes; after an hour; after 2 hours",
    );
  });
});

describe("the form of a schedule", () => {
  it("keeps instants of take-overs through the reader's clock", () => {
    const form = {
      ...onCallFormOf(null, "Europe/Berlin", new Date("2026-11-01T23:30:00Z")),
      name: "Days",
      people: ["a"],
    };
    const overrides = [{ personId: "b", from: "2026-11-03T08:00", to: "2026-11-03T20:00" }];
    const { input } = readOnCall({ ...form, overrides });
    expect(input?.overrides?.[0]?.from).toBe(new Date(2026, 10, 3, 8).toISOString());
    expect(readOnCall(form).input).toMatchObject({
      people: [{ personId: "a" }],
      handOver: { every: "week", at: "09:00" },
    });
    expect(readOnCall({ ...form, people: [] }).problem).toContain("Add a person");
  });
});

it("the calendar shows each week from Monday on, and cuts shifts at its ends", () => {
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour).toISOString();
  const shift = (from: string, to: string) => ({
    person: { id: "a", name: "Ada" },
    from,
    to,
    isOverride: false,
    reason: null,
  });
  const weeks = weeksOf([shift(at(4, 0), at(11, 0)), shift(at(11, 0), at(13, 0))]);
  expect(weeks.map(({ monday }) => monday.getDate())).toEqual([2, 9]);
  expect(weeks.map(({ parts }) => parts.length)).toEqual([1, 2]);
  expect(weeks[0]!.parts[0]!.start).toBeCloseTo(2 / 7);
  expect(weeks[0]!.parts[0]!.length).toBeCloseTo(5 / 7);
});
