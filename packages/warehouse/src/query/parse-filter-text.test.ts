import { describe, expect, it } from "vitest";
import { parseFilterText } from "./parse-filter-text.ts";

describe("a filter as people type it", () => {
  it.each([
    ["serviceName = EC2", { dimension: "serviceName", is: "EC2" }],
    ["serviceName='Amazon EC2'", { dimension: "serviceName", is: "Amazon EC2" }],
    ["serviceName != EC2", { not: { dimension: "serviceName", is: "EC2" } }],
    ["tag:team in (web, 'data science')", { dimension: "tag:team", in: ["web", "data science"] }],
    ["tag:team in (web, null, 'null')", { dimension: "tag:team", in: ["web", null, "null"] }],
    ["tag:team not in (web)", { not: { dimension: "tag:team", in: ["web"] } }],
    ["'tag:cost center' is null", { dimension: "tag:cost center", isNull: true }],
    ["regionId IS NOT NULL", { dimension: "regionId", isNull: false }],
    ["regionId starts with eu", { dimension: "regionId", startsWith: "eu" }],
    ["regionId contains 'west'", { dimension: "regionId", contains: "west" }],
    [
      "day >= 2026-01-01 and day < 2026-02-01",
      {
        and: [
          { dimension: "day", from: "2026-01-01" },
          { dimension: "day", to: "2026-02-01" },
        ],
      },
    ],
    [
      "a = 1 or b = 2 and c = 3",
      {
        or: [
          { dimension: "a", is: "1" },
          {
            and: [
              { dimension: "b", is: "2" },
              { dimension: "c", is: "3" },
            ],
          },
        ],
      },
    ],
    [
      "(a = 1 or b = 2) and not c = 3",
      {
        and: [
          {
            or: [
              { dimension: "a", is: "1" },
              { dimension: "b", is: "2" },
            ],
          },
          { not: { dimension: "c", is: "3" } },
        ],
      },
    ],
    ["a = 'it''s'", { dimension: "a", is: "it's" }],
    [`a = "say ""hi"""`, { dimension: "a", is: 'say "hi"' }],
    [`a = 'two "" quotes'`, { dimension: "a", is: 'two "" quotes' }],
    [`a = "it''s"`, { dimension: "a", is: "it''s" }],
    ["a = ''", { dimension: "a", is: "" }],
    ["'not' = 'and'", { dimension: "not", is: "and" }],
    ["  a   =\n1  ", { dimension: "a", is: "1" }],
  ])("%s", (text, filter) => {
    expect(parseFilterText(text)).toEqual(filter);
  });

  it.each([
    ["", "at its end: expected a dimension"],
    ["a", "at its end: expected =, !=, >=, <, in, contains, starts with or is null"],
    ["a = ", "at its end: expected a value"],
    ["a = 1 b = 2", 'at " b = 2": expected and, or, or the end'],
    ["(a = 1", "at its end: expected )"],
    ["a in web", 'at " web": expected ('],
    ["a in (web", "at its end: expected ) or ,"],
    ["a starts eu", 'at " eu": expected with'],
    ["a is 5", 'at " 5": expected null'],
    ["a not like 5", 'at " like 5": expected in'],
    ["a > 5", 'at " > 5"'],
    ["a = 'open", 'at " \'open"'],
  ])("says where it stops to make sense: %s", (text, where) => {
    expect(() => parseFilterText(text)).toThrow(where);
  });

  it("refuses what is nested too deep to be meant", () => {
    expect(() => parseFilterText(`${"(".repeat(100_000)}a = 1`)).toThrow(expect.objectContaining({ code: "invalid" }));
    expect(() => parseFilterText(`${"not ".repeat(100_000)}a = 1`)).toThrow(
      expect.objectContaining({ code: "invalid" }),
    );
  });
});
