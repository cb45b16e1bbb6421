import { describe, expect, it } from "vitest";
import { actionWords, subjectOf } from "./action-words.ts";
import { filterParameters, hasFilter, readAuditSearch } from "./audit-search.ts";
import { diffValues } from "./diff-values.ts";

describe("what is different between before and after", () => {
  it("is told by field", () => {
    expect(
      diffValues(
        { name: "Web", role: { key: "viewer" }, scope: null, unitId: "1" },
        { name: "Web", role: { key: "finops" }, scope: null, since: "2026" },
      ),
    ).toEqual([
      { path: "name", before: "Web", after: "Web", change: "same" },
      { path: "role.key", before: "viewer", after: "finops", change: "changed" },
      { path: "scope", before: "nothing", after: "nothing", change: "same" },
      { path: "since", before: null, after: "2026", change: "added" },
      { path: "unitId", before: "1", after: null, change: "removed" },
    ]);
  });

  it("is told for each value of a list, whatever their order", () => {
    expect(diffValues({ accounts: ["1", "2"] }, { accounts: ["3", "1"] })).toEqual([
      { path: "accounts", before: "1", after: "1", change: "same" },
      { path: "accounts", before: "2", after: null, change: "removed" },
      { path: "accounts", before: null, after: "3", change: "added" },
    ]);
  });

  it("numbers the things of a list", () => {
    expect(diffValues(null, { groups: [{ id: "g" }] })).toEqual([
      { path: "groups[1].id", before: null, after: "g", change: "added" },
    ]);
  });

  it("is nothing where nothing is stated", () => {
    expect(diffValues(null, null)).toEqual([]);
    expect(diffValues(undefined, {})).toEqual([]);
  });

  it("has a list that became one value", () => {
    expect(diffValues({ a: ["x"] }, { a: "x" })).toEqual([{ path: "a", before: "x", after: "x", change: "same" }]);
  });
});

describe("an entry", () => {
  it("is told as a sentence, an unknown action as it is named", () => {
    expect(actionWords("grant.given")).toBe("gave access");
    expect(actionWords("toString")).toBe("toString");
    expect(actionWords("thing.done")).toBe("thing.done");
  });

  it("is about what it names", () => {
    expect(subjectOf(null, { email: "ann@acme.example", name: "Ann" })).toBe("ann@acme.example");
    expect(subjectOf({ name: "Old" }, null)).toBe("Old");
    expect(subjectOf(null, { subject: { name: "Cloud" }, reason: "Because" })).toBe("Cloud");
    expect(subjectOf(null, { request: "GET /api/v1/audit", reason: "You may not do this." })).toBe("GET /api/v1/audit");
    expect(subjectOf("text", 4)).toBe("");
  });
});

describe("the address of the audit", () => {
  it("says which entries; a last day is in it", () => {
    const search = readAuditSearch({
      actor: 7,
      action: "view",
      via: "key",
      from: "2026-11-01",
      to: "2026-11-30",
      entry: 5,
    });
    expect(search).toEqual({ actor: "7", action: "view", via: "key", from: "2026-11-01", to: "2026-11-30", entry: 5 });
    expect(filterParameters(search).toString()).toBe("actor=7&action=view&via=key&from=2026-11-01&to=2026-12-01");
  });

  it("leaves out what cannot be read", () => {
    expect(readAuditSearch({ action: "DROP TABLE", via: "pigeon", from: "soon", entry: -1, text: "" })).toEqual({});
    expect(readAuditSearch({ from: "2026-13-45" })).toEqual({});
  });

  it("knows whether anything is filtered", () => {
    expect(hasFilter({ entry: 4 })).toBe(false);
    expect(hasFilter({ text: "x" })).toBe(true);
  });
});
