import type { Unit } from "@finops/capabilities/people/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canMove, listLines, stepTo } from "./unit-tree.ts";
import { unitPath } from "../../lib/unit-path.ts";

const unit = (name: string, parentId: string | null, has: { accounts?: number; people?: number } = {}): Unit => ({
  id: name.toLowerCase(),
  parentId,
  kind: "team",
  name,
  accounts: Array.from({ length: has.accounts ?? 0 }, (_, index) => `${name} ${index}`),
  memberCount: has.people ?? 0,
});

const company = [
  unit("Platform", "engineering", { accounts: 2, people: 1 }),
  unit("Sre", "platform", { accounts: 1, people: 4 }),
  unit("Engineering", null, { people: 1 }),
  unit("Mobile", "engineering"),
  unit("Finance", null),
];
const all = () => true;
const shown = (lines: ReturnType<typeof listLines>) => lines.map((line) => `${line.level} ${line.unit.name}`);

describe("the organisation tree", () => {
  it("is drawn from the top down, by name, with what is in a unit and below it", () => {
    const lines = listLines(company, all);
    expect(shown(lines)).toEqual(["1 Engineering", "2 Mobile", "2 Platform", "3 Sre", "1 Finance"]);
    expect(lines[0]).toMatchObject({ accountsBelow: 3, peopleBelow: 6, place: 1, siblings: 2, hasUnits: true });
    expect(lines[2]).toMatchObject({ accountsBelow: 3, peopleBelow: 5, place: 2, siblings: 2, isOpen: true });
  });

  it("leaves out what is folded", () => {
    expect(shown(listLines(company, (one) => one.name !== "Platform"))).toEqual([
      "1 Engineering",
      "2 Mobile",
      "2 Platform",
      "1 Finance",
    ]);
  });

  it("shows what has a text in its name with all above it, folded or not", () => {
    expect(shown(listLines(company, () => false, " SRE "))).toEqual(["1 Engineering", "2 Platform", "3 Sre"]);
    expect(listLines(company, all, "nobody")).toEqual([]);
  });

  it("keeps a unit in sight whose parent is not there", () => {
    expect(shown(listLines([unit("Orphan", "gone")], all))).toEqual(["1 Orphan"]);
  });

  it("names a unit by all that it is in", () => {
    expect(unitPath(company, "sre")).toBe("Engineering / Platform / Sre");
    expect(unitPath(company, null)).toBe("");
  });
});

describe("a move", () => {
  it("goes anywhere but where it is and below itself", () => {
    expect(canMove(company, "platform", "finance")).toBe(true);
    expect(canMove(company, "platform", null)).toBe(true);
    expect(canMove(company, "platform", "engineering")).toBe(false);
    expect(canMove(company, "platform", "platform")).toBe(false);
    expect(canMove(company, "platform", "sre")).toBe(false);
  });

  it("of one step goes into the unit before it, or beside the one that it is in", () => {
    expect(stepTo(company, "platform", "in")).toEqual({ parentId: "mobile" });
    expect(stepTo(company, "mobile", "in")).toBeNull();
    expect(stepTo(company, "sre", "out")).toEqual({ parentId: "engineering" });
    expect(stepTo(company, "platform", "out")).toEqual({ parentId: null });
    expect(stepTo(company, "finance", "out")).toBeNull();
  });

  it("never makes a circle, and loses no unit, whatever is moved where", () => {
    const moves = fc.array(fc.tuple(fc.nat(7), fc.option(fc.nat(7))), { maxLength: 20 });
    fc.assert(
      fc.property(moves, (steps) => {
        let units = Array.from({ length: 8 }, (_, index) => unit(`U${index}`, null));
        for (const [moved, to] of steps) {
          const parentId = to === null ? null : `u${to}`;
          if (canMove(units, `u${moved}`, parentId))
            units = units.map((one) => (one.id === `u${moved}` ? { ...one, parentId } : one));
        }
        expect(listLines(units, all)).toHaveLength(8);
      }),
    );
  });
});
