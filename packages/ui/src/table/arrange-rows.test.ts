import { parseDecimal } from "@finops/kernel/decimal";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arrangeInTurns, arrangeRows, compareFigures, readNumber } from "./arrange-rows.ts";
import { type ColumnFilter, type DataColumn, moveColumn, shownColumns } from "./column.ts";

interface Line {
  name: string;
  cost: string | null;
  share: string | null;
  day: string;
}

const columns: DataColumn<Line>[] = [
  { id: "name", header: "Name", value: (line) => line.name },
  { id: "cost", header: "Cost", kind: "money", value: (line) => line.cost },
  { id: "share", header: "Share", kind: "percent", value: (line) => line.share },
  { id: "day", header: "Day", kind: "day", value: (line) => line.day },
];
const line = (name: string, cost: string | null = "1", share: string | null = "0.5", day = "2026-11-01"): Line => ({
  name,
  cost,
  share,
  day,
});
const nothing = { find: "", filters: {}, sort: null };
const names = (rows: readonly Line[]) => rows.map((row) => row.name);

describe("the order of rows", () => {
  it("knows amounts apart that no float can tell apart", () => {
    const rows = [line("b", "9007199254740993.02"), line("a", "9007199254740993.01"), line("c", "9007199254740993.03")];
    const sort = { by: "cost", direction: "desc" } as const;
    expect(names(arrangeRows(rows, columns, { ...nothing, sort }))).toEqual(["c", "b", "a"]);
  });

  it("puts node 9 before node 10, and does not care for case and accents", () => {
    const rows = [line("node 10"), line("Node 9"), line("Ärger"), line("arm"), line("Zoo")];
    const sort = { by: "name", direction: "asc" } as const;
    expect(names(arrangeRows(rows, columns, { ...nothing, sort }))).toEqual([
      "Ärger",
      "arm",
      "Node 9",
      "node 10",
      "Zoo",
    ]);
  });

  it("keeps missing figures last and equal ones in their order, either way", () => {
    const rows = [line("none", null), line("first", "5"), line("second", "5"), line("refund", "-2")];
    for (const [direction, expected] of [
      ["asc", ["refund", "first", "second", "none"]],
      ["desc", ["first", "second", "refund", "none"]],
    ] as const) {
      expect(names(arrangeRows(rows, columns, { ...nothing, sort: { by: "cost", direction } }))).toEqual(expected);
    }
  });

  it("agrees with exact decimals whatever they are", () => {
    const amount = fc
      .tuple(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), fc.nat(999))
      .map(([whole, part]) => `${whole}.${part}`);
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        expect(Math.sign(compareFigures(a, b))).toBe(parseDecimal(a).comparedTo(parseDecimal(b)));
      }),
    );
  });
});

describe("a filter", () => {
  const rows = [
    line("Amazon EC2", "1000.50", "0.05", "2026-11-01"),
    line("Amazon S3", "12", "0.5", "2026-11-15"),
    line("Credit", "-40", null, "2026-12-01"),
    line("Unknown", null, "0.001", "2026-11-30"),
  ];
  const filtered = (filters: Record<string, ColumnFilter>, find = "") =>
    names(arrangeRows(rows, columns, { find, filters, sort: null }));

  it("finds all words of the box, in any text column", () => {
    expect(filtered({}, "s3 amazon")).toEqual(["Amazon S3"]);
    expect(filtered({}, "2026-12")).toEqual(["Credit"]);
  });

  it("takes a range of amounts as people type them, ends included, without what is missing", () => {
    expect(filtered({ cost: { from: "12", to: "1,000.50" } })).toEqual(["Amazon EC2", "Amazon S3"]);
    expect(filtered({ cost: { to: "\u22125" } })).toEqual(["Credit"]);
  });

  it("reads percentages as percent", () => {
    expect(filtered({ share: { from: "5 %" } })).toEqual(["Amazon EC2", "Amazon S3"]);
  });

  it("takes days from and to", () => {
    expect(filtered({ day: { from: "2026-11-15", to: "2026-11-30" } })).toEqual(["Amazon S3", "Unknown"]);
  });

  it("that is half typed hides nothing", () => {
    expect(filtered({ cost: { from: "-" }, name: { contains: " " } })).toHaveLength(4);
    expect(readNumber("abc")).toBeNull();
  });
});

describe("columns", () => {
  it("keep the first one where it is and move past what is hidden", () => {
    const state = { hidden: ["share"], order: [] };
    expect(moveColumn(columns, state, "cost", 1)).toEqual(["share", "day", "cost"]);
    const order = moveColumn(columns, state, "day", -1);
    expect(shownColumns(columns, { hidden: ["share", "name"], order }).map((column) => column.id)).toEqual([
      "name",
      "day",
      "cost",
    ]);
    expect(moveColumn(columns, state, "day", 1)).toEqual(["cost", "share", "day"]);
  });

  it("leave out what is minor where there is no room", () => {
    const some = [...columns, { id: "minor", header: "Minor", isMinor: true }];
    expect(shownColumns(some, { hidden: [], order: [] }, false).map((column) => column.id)).not.toContain("minor");
  });
});

describe("arranging in turns", () => {
  const many = Array.from({ length: 9_001 }, (_, index) =>
    line(`node ${(index * 7919) % 9001}`, index % 10 === 0 ? null : String((index * 7919) % 101)),
  );
  const wanted = { find: "node", filters: { cost: { from: "5" } }, sort: { by: "cost", direction: "desc" } } as const;

  it("comes to the same order as at once, across the borders of its runs", async () => {
    const inTurns = await arrangeInTurns(many, columns, wanted, new AbortController().signal);
    const once = many
      .filter((row) => row.cost !== null && Number(row.cost) >= 5)
      .map((row, place) => ({ row, place }))
      .toSorted((a, b) => Number(b.row.cost) - Number(a.row.cost) || a.place - b.place);
    expect(inTurns).toEqual(once.map(({ row }) => row));
    expect(arrangeRows(many, columns, wanted)).toEqual(inTurns);
  });

  it("lets others have their turn, and ends when it is stopped", async () => {
    const stop = new AbortController();
    // Slow enough to need a second turn.
    const slow: DataColumn<Line>[] = [
      { id: "cost", header: "Cost", kind: "money", value: (row) => String(Number(row.cost ?? 0) + spin()) },
    ];
    const arranging = arrangeInTurns(many, slow, { find: "", filters: {}, sort: wanted.sort }, stop.signal);
    stop.abort();
    expect(await arranging).toBeNull();
  });
});

function spin(): number {
  let sum = 0;
  for (let step = 0; step < 2_000; step += 1) sum += Math.sqrt(step);
  return sum > 0 ? 0 : 1;
}
