import { describe, expect, it } from "vitest";
import type { Applicability } from "./applicability.ts";
import type { RuleResult } from "./conformance.ts";
import { interpretModel } from "./interpret-model.ts";
import { parseModel, type ModelPatches } from "./model.ts";
import { checkRows, type Row } from "./testing.ts";

type Node = Record<string, unknown>;
interface Draft {
  requirement: Node;
  condition?: Node;
  keyword?: string;
  function?: string;
  about?: string;
  flags?: string[];
  dependencies?: string[];
  type?: string;
}

/** Checks rows against a model of a few rules, each given by what matters to it. */
async function checkWith(
  rules: Record<string, Draft>,
  rows: Row[],
  patches?: ModelPatches,
  applicability: Applicability = "all",
) {
  const model = parseModel({
    Details: { FOCUSVersion: "1.2" },
    ModelRules: Object.fromEntries(
      Object.entries(rules).map(([id, draft]) => [
        id,
        {
          Function: draft.function ?? "Validation",
          Reference: draft.about ?? "A",
          EntityType: "Column",
          Type: draft.type ?? "Static",
          ApplicabilityCriteria: draft.flags ?? [],
          ValidationCriteria: {
            MustSatisfy: `${id} holds.`,
            Keyword: draft.keyword ?? "MUST",
            Requirement: draft.requirement,
            Condition: draft.condition ?? {},
            Dependencies: draft.dependencies ?? [],
          },
        },
      ]),
    ),
  });
  const conformance = await checkRows(rows, interpretModel(model, patches), { applicability });
  return new Map(conformance.results.map((result): [string, RuleResult] => [result.ruleId, result]));
}

/** How many of the values of column A break a requirement. */
async function brokenBy(requirement: Node, values: (string | null)[], more: Row = {}): Promise<(string | null)[]> {
  const broken: (string | null)[] = [];
  for (const value of values) {
    const results = await checkWith({ R: { requirement } }, [{ A: value, ...more }]);
    if (results.get("R")?.status === "failed") broken.push(value);
  }
  return broken;
}

const check = (CheckFunction: string, more: Node = {}): Node => ({ CheckFunction, ColumnName: "A", ...more });
const isNull = (ColumnName: string): Node => ({ CheckFunction: "CheckValue", ColumnName, Value: null });
const isNotNull = (ColumnName: string): Node => ({ CheckFunction: "CheckNotValue", ColumnName, Value: null });
const refer = (...ids: string[]): Node => ({
  CheckFunction: "AND",
  Items: ids.map((ModelRuleId) => ({ CheckFunction: "CheckModelRule", ModelRuleId })),
});

describe("each check function of the official model", () => {
  it("ColumnPresent looks for the column in the header, with its case", async () => {
    const results = await checkWith(
      {
        yes: { requirement: check("ColumnPresent") },
        no: { requirement: { CheckFunction: "ColumnPresent", ColumnName: "a" } },
      },
      [{ A: "1" }],
    );
    expect([results.get("yes")?.status, results.get("no")?.status]).toEqual(["passed", "failed"]);
  });

  it("TypeString takes any text", async () => {
    expect(await brokenBy(check("TypeString"), ["x", "1", null])).toEqual([]);
  });

  it("TypeDecimal and CheckDecimalValue want a number, however written", async () => {
    const values = ["1", "-1.50", "+2", "35.2E-7", "1e400", "NaN", "1,000", "$5", "1/2", null];
    const broken = ["NaN", "1,000", "$5", "1/2"];
    expect(await brokenBy(check("TypeDecimal"), values)).toEqual(broken);
    expect(await brokenBy(check("CheckDecimalValue"), values)).toEqual(broken);
  });

  it("FormatNumeric wants no sign before a positive number or exponent", async () => {
    expect(
      await brokenBy(check("FormatNumeric"), ["1", "-1.5", "35.2E-7", "1E5", "+1", "1E+5", "1.", "1 000", "1.2.3"]),
    ).toEqual(["+1", "1E+5", "1.", "1 000", "1.2.3"]);
  });

  it("TypeDateTime wants an instant, FormatDateTime one in UTC", async () => {
    const values = [
      "2026-01-31T00:00:00Z",
      "2026-01-31T00:00:00.000Z",
      "2026-01-31 00:00:00",
      "2026-01-31",
      "2026-02-30T00:00:00Z",
      "1/31/26",
      "2026-01-31T24:30:00Z",
    ];
    expect(await brokenBy(check("TypeDateTime"), values)).toEqual([
      "2026-02-30T00:00:00Z",
      "1/31/26",
      "2026-01-31T24:30:00Z",
    ]);
    expect(await brokenBy(check("FormatDateTime"), values)).toEqual([
      "2026-01-31 00:00:00",
      "2026-01-31",
      "1/31/26",
      "2026-01-31T24:30:00Z",
    ]);
  });

  it("FormatString wants Unicode, not only ASCII, and no blanks", async () => {
    expect(await brokenBy(check("FormatString"), ["München", "日本", "a b", " ", "M\uFFFDnchen"])).toEqual([
      " ",
      "M\uFFFDnchen",
    ]);
  });

  it("FormatUnit knows units of data, time and count, alone, together and with numbers", async () => {
    const good = [
      "GB",
      "GiB",
      "Hours",
      "GB-Hours",
      "GB/Hour",
      "1000 Requests",
      "Units/3 Months",
      "Requests",
      "Virtual Machines",
      "GB-Hours/Day",
    ];
    const bad = ["hours", "gb", "GBs", "Gigabytes", "Hrs", "GB-Mo", "1.5 Hours", "", "GB per Hour/"];
    expect(await brokenBy(check("FormatUnit"), [...good, ...bad])).toEqual(bad);
  });

  it("FormatCurrency allows virtual currencies, CheckNationalCurrency does not", async () => {
    expect(await brokenBy(check("FormatCurrency"), ["USD", "Token", "usd"])).toEqual(["usd"]);
    expect(await brokenBy(check("CheckNationalCurrency"), ["USD", "Token", "usd"])).toEqual(["Token", "usd"]);
  });

  it("FormatKeyValue wants a flat JSON object", async () => {
    const values = [
      '{"a": "b", "c": 1, "d": true, "e": null}',
      "{}",
      '{"a": "{[x]}"}',
      '{"a": {"b": 1}}',
      '{"a": [1]}',
      "[1]",
      '"a"',
      "a=b",
    ];
    expect(await brokenBy(check("FormatKeyValue"), values)).toEqual([
      '{"a": {"b": 1}}',
      '{"a": [1]}',
      "[1]",
      '"a"',
      "a=b",
    ]);
  });

  it("CheckValue compares texts, numbers and emptiness", async () => {
    expect(await brokenBy(check("CheckValue", { Value: "x" }), ["x", "y"])).toEqual(["y"]);
    expect(await brokenBy(check("CheckValue", { Value: 0 }), ["0", "0.000", "-0", "1e-30"])).toEqual(["1e-30"]);
    expect(await brokenBy(check("CheckValue", { Value: 1.5 }), ["1.50", "1.6"])).toEqual(["1.6"]);
    expect(await brokenBy(check("CheckValue", { Value: null }), [null, "x"])).toEqual(["x"]);
  });

  it("CheckNotValue is the opposite, and an empty cell is not a value", async () => {
    expect(await brokenBy(check("CheckNotValue", { Value: null }), [null, "x"])).toEqual([null]);
    expect(await brokenBy(check("CheckNotValue", { Value: "x" }), [null, "x"])).toEqual(["x"]);
  });

  it("CheckSameValue and CheckNotSameValue compare two columns, empty cells included", async () => {
    const pair = { ColumnAName: "A", ColumnBName: "B" };
    expect(await brokenBy({ CheckFunction: "CheckSameValue", ...pair }, ["x", "y"], { B: "x" })).toEqual(["y"]);
    expect(await brokenBy({ CheckFunction: "CheckNotSameValue", ...pair }, ["x", "y"], { B: "x" })).toEqual(["x"]);
  });

  it("CheckGreaterOrEqualThanValue compares numbers", async () => {
    expect(await brokenBy(check("CheckGreaterOrEqualThanValue", { Value: 0 }), ["0", "-0.00", "12", "-1e-20"])).toEqual(
      ["-1e-20"],
    );
    expect(await brokenBy(check("CheckGreaterOrEqualThanValue", { Value: 5 }), ["10", "4.9"])).toEqual(["4.9"]);
  });

  it("ColumnByColumnEqualsColumnValue multiplies up to rounding", async () => {
    const product = {
      CheckFunction: "ColumnByColumnEqualsColumnValue",
      ColumnAName: "P",
      ColumnBName: "Q",
      ResultColumnName: "A",
    };
    expect(await brokenBy(product, ["0.3", "0.3000001", "0.31", "-0.3"], { P: "0.1", Q: "3" })).toEqual([
      "0.31",
      "-0.3",
    ]);
  });

  it("CheckDistinctCount counts the values that go with a key", async () => {
    const requirement = { CheckFunction: "CheckDistinctCount", ColumnAName: "A", ColumnBName: "B", ExpectedCount: 1 };
    const results = await checkWith({ R: { requirement } }, [
      { A: "k", B: "1" },
      { A: "k", B: "1" },
      { A: "l", B: "1" },
      { A: "l", B: "2" },
      { A: null, B: "3" },
    ]);
    expect(results.get("R")).toMatchObject({ status: "failed", rows: "2" });
  });

  it("AND and OR nest", async () => {
    const or = {
      CheckFunction: "OR",
      Items: [
        check("CheckValue", { Value: "x" }),
        { CheckFunction: "AND", Items: [check("CheckValue", { Value: "y" }), isNull("B")] },
      ],
    };
    expect(await brokenBy(or, ["x", "y", "z"], { B: null })).toEqual(["z"]);
    expect(await brokenBy(or, ["x", "y", "z"], { B: "b" })).toEqual(["y", "z"]);
  });

  it("pairs of values in an OR of ANDs are looked up as pairs", async () => {
    const pair = (a: string, b: string) => ({
      CheckFunction: "AND",
      Items: [check("CheckValue", { Value: a }), { CheckFunction: "CheckValue", ColumnName: "B", Value: b }],
    });
    expect(
      await brokenBy({ CheckFunction: "OR", Items: [pair("s1", "p"), pair("s2", "q")] }, ["s1", "s2", "s3"], {
        B: "p",
      }),
    ).toEqual(["s2", "s3"]);
  });

  it("CheckModelRule asks what the other rule asks of the row", async () => {
    const results = await checkWith(
      {
        either: {
          requirement: {
            CheckFunction: "OR",
            Items: [{ CheckFunction: "CheckModelRule", ModelRuleId: "isX" }, isNull("B")],
          },
        },
        isX: { requirement: check("CheckValue", { Value: "x" }) },
      },
      [
        { A: "y", B: null },
        { A: "y", B: "b" },
      ],
    );
    expect(results.get("either")).toMatchObject({ status: "failed", rows: "1" });
  });

  it("an unknown function leaves its rule unchecked and says so", async () => {
    const results = await checkWith({ R: { requirement: check("CheckMoonPhase") } }, [{ A: "1" }]);
    expect(results.get("R")).toMatchObject({ status: "not-checkable" });
    expect(results.get("R")?.sentence).toContain("CheckMoonPhase is not known");
  });
});

describe("conditions", () => {
  const mustBeEmpty = { requirement: isNull("A"), function: "Nullability", keyword: "MUST" };

  it("are null-safe: an empty ChargeClass is not Correction", async () => {
    const condition = { CheckFunction: "CheckNotValue", ColumnName: "ChargeClass", Value: "Correction" };
    const results = await checkWith({ R: { ...mustBeEmpty, condition } }, [
      { A: "x", ChargeClass: null },
      { A: "x", ChargeClass: "Correction" },
    ]);
    expect(results.get("R")).toMatchObject({ rows: "1" });
  });

  it("of a composite hold for the rules below it", async () => {
    const results = await checkWith(
      {
        whenB: { requirement: refer("inner"), condition: isNotNull("B"), function: "Composite" },
        inner: { requirement: check("CheckValue", { Value: "x" }) },
      },
      [
        { A: "y", B: null },
        { A: "y", B: "b" },
      ],
    );
    expect(results.get("inner")).toMatchObject({ rows: "1" });
    expect(results.get("whenB")).toMatchObject({ status: "failed", composite: true });
  });

  it("that are malformed leave the rule unchecked instead of hitting every row", async () => {
    const results = await checkWith({ R: { ...mustBeEmpty, condition: { AND: [] } } }, [{ A: "x" }]);
    expect(results.get("R")?.status).toBe("not-checkable");
  });

  it("do not make value rules speak of empty cells", async () => {
    expect(
      await brokenBy(
        { CheckFunction: "OR", Items: [check("CheckValue", { Value: "x" }), check("CheckValue", { Value: "y" })] },
        [null, "x", "z"],
      ),
    ).toEqual(["z"]);
  });
});

describe("rules without an answer of their own", () => {
  it("are dynamic rules and permissions", async () => {
    const results = await checkWith(
      {
        dynamic: { requirement: {}, type: "Dynamic" },
        may: { requirement: isNull("A"), keyword: "MAY" },
      },
      [{ A: "x" }],
    );
    expect([...results.values()].map(({ status }) => status)).toEqual(["not-checkable", "not-checkable"]);
  });

  it("are those whose flags do not hold, their own, of a composite above, or of a dependency", async () => {
    const rules = {
      above: { requirement: refer("below"), function: "Composite", flags: ["TAGGING_SUPPORTED"] },
      below: { requirement: isNull("A") },
      own: { requirement: isNull("A"), flags: ["TAGGING_SUPPORTED"] },
      dependent: { requirement: isNull("A"), dependencies: ["above"] },
      free: { requirement: isNull("A") },
    };
    const statuses = async (applicability: Applicability) =>
      Object.fromEntries(
        [...(await checkWith(rules, [{ A: "x" }], undefined, applicability))].map(([id, { status }]) => [id, status]),
      );
    expect(await statuses("none")).toEqual({
      above: "not-applicable",
      below: "not-applicable",
      own: "not-applicable",
      dependent: "not-applicable",
      free: "failed",
    });
    expect(await statuses(["TAGGING_SUPPORTED"])).toMatchObject({ below: "failed", dependent: "failed" });
  });
});

describe("composites", () => {
  const parts = { good: { requirement: isNull("A") }, bad: { requirement: isNotNull("A") } };

  it("pass where all parts pass, or with OR where one does", async () => {
    const results = await checkWith(
      {
        ...parts,
        both: { requirement: refer("good", "bad"), function: "Composite" },
        one: { requirement: { ...refer("good", "bad"), CheckFunction: "OR" }, function: "Composite" },
        circle: { requirement: refer("circle", "good"), function: "Composite" },
      },
      [{ A: null }],
    );
    expect(["both", "one", "circle"].map((id) => results.get(id)?.status)).toEqual(["failed", "passed", "passed"]);
  });
});

describe("corrections", () => {
  it("replace parts of a rule, or leave it out", async () => {
    const rules = { wrong: { requirement: isNotNull("A") }, hopeless: { requirement: isNotNull("A") } };
    const results = await checkWith(rules, [{ A: null }], {
      patches: [
        { ruleId: "wrong", problem: "inverted", set: { Requirement: isNull("A") } },
        { ruleId: "hopeless", problem: "needs outside knowledge", skip: true },
        { ruleId: "unknown", problem: "of another version", skip: true },
      ],
    });
    expect([...results.values()].map(({ status }) => status)).toEqual(["passed", "not-checkable"]);
    expect(results.get("hopeless")?.sentence).toContain("needs outside knowledge");
  });
});

it("refuses a file that is no model, and says what is wrong", () => {
  expect(() => parseModel({ Details: {}, ModelRules: { R: { Function: "Type" } } })).toThrow(
    /no FOCUS requirements model: ModelRules\.R\./,
  );
  expect(() => parseModel([])).toThrow("This is no FOCUS requirements model");
});
