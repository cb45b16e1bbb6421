import { describe, expect, it } from "vitest";
import { layOutBars } from "./bars-layout.ts";
import { layOutDonut } from "./donut-layout.ts";
import { partSentence, shareOf, totalOf } from "./figure-text.ts";
import { calendarGrid, matrixGrid, strengths } from "./heatmap-layout.ts";
import { findMovers } from "./movers.ts";
import { fitText, type Part } from "./part.ts";
import { layOutTreemap } from "./treemap-layout.ts";

const part = (id: string, value: string | null, before?: string | null): Part => ({
  id,
  label: id,
  value,
  ...(before === undefined ? {} : { before }),
});

describe("a treemap", () => {
  it("gives areas in proportion, the biggest first and (other) last", () => {
    const parts = [part("a", "100"), { ...part("other", "300"), isOther: true }, part("b", "200")];
    const { tiles } = layOutTreemap(parts, 600, 400);
    expect(tiles.map((tile) => tile.part.id)).toEqual(["b", "a", "other"]);
    const [b, a] = tiles.map((tile) => tile.width * tile.height);
    expect(b! / a!).toBeCloseTo(2, 0);
  });

  it("shows credits apart, because they have no area, and leaves out what is nothing or not known", () => {
    const laidOut = layOutTreemap(
      [part("a", "1"), part("credit", "-5"), part("zero", "0"), part("lost", null)],
      100,
      100,
    );
    expect(laidOut.tiles.map((tile) => tile.part.id)).toEqual(["a"]);
    expect(laidOut.negatives.map((one) => one.id)).toEqual(["credit"]);
  });

  it("of nothing has no tiles, of forty all forty", () => {
    expect(layOutTreemap([], 600, 400).tiles).toEqual([]);
    const forty = Array.from({ length: 40 }, (_, index) => part(String(index), String(index + 1)));
    expect(layOutTreemap(forty, 600, 400).tiles).toHaveLength(40);
  });
});

describe("a donut", () => {
  it("of one part is a whole ring", () => {
    const { slices } = layOutDonut([part("all", "7")], 100);
    expect(slices).toHaveLength(1);
    expect(slices[0]!.path).not.toContain("NaN");
  });

  it("puts the biggest first, (other) last, and keeps negatives out", () => {
    const { slices, negatives } = layOutDonut(
      [{ ...part("other", "90"), isOther: true }, part("small", "1"), part("big", "5"), part("refund", "-3")],
      100,
    );
    expect(slices.map((slice) => slice.part.id)).toEqual(["big", "small", "other"]);
    expect(negatives).toHaveLength(1);
  });
});

describe("bars", () => {
  it("run from a common zero, negative ones to its left", () => {
    const { bars, zeroX } = layOutBars(
      [
        { part: part("a", "75"), amount: "75" },
        { part: part("b", "-25"), amount: "-25" },
        { part: part("tiny", "0.0001"), amount: "0.0001" },
      ],
      400,
    );
    expect(zeroX).toBe(100);
    expect(bars[0]).toMatchObject({ x: 100, width: 300, isNegative: false });
    expect(bars[1]).toMatchObject({ x: 0, width: 100, isNegative: true });
    expect(bars[2]!.width).toBe(1);
  });

  it("of nothing are none", () => {
    expect(layOutBars([], 400)).toEqual({ bars: [], zeroX: 0 });
  });
});

describe("movers", () => {
  it("are the biggest changes, from the biggest rise to the biggest fall, to the last digit", () => {
    const movers = findMovers(
      [
        part("new", "0.000000001", null),
        part("fell", "10", "100"),
        part("rose", "50", "20"),
        part("same", "5", "5"),
        part("gone", null, "40"),
        part("never", null, null),
      ],
      10,
    );
    expect(movers.map((mover) => [mover.part.id, mover.amount])).toEqual([
      ["rose", "30"],
      ["new", "0.000000001"],
      ["gone", "-40"],
      ["fell", "-90"],
    ]);
  });

  it("drop the small ones when there are too many", () => {
    const movers = findMovers([part("a", "1", "0"), part("b", "0", "9"), part("c", "5", "0")], 2);
    expect(movers.map((mover) => mover.part.id)).toEqual(["c", "b"]);
  });
});

describe("a heatmap", () => {
  const plain = (day: string) => day;
  it("of days stands in weeks from Monday, with no square outside the period", () => {
    const grid = calendarGrid(
      { start: "2026-10-30", end: "2026-11-03" },
      () => "1",
      plain,
      (day) => day.slice(5, 7),
    );
    expect(grid.cells.map((cell) => [cell.id, cell.row, cell.column])).toEqual([
      ["2026-10-30", 4, 0],
      ["2026-10-31", 5, 0],
      ["2026-11-01", 6, 0],
      ["2026-11-02", 0, 1],
    ]);
    expect(grid.columns[0]).toBe("11");
  });

  it("of services and days has a square for each, known or not", () => {
    const grid = matrixGrid(
      [{ id: "ec2", label: "EC2", values: ["3", null] }],
      [
        { id: "d1", label: "1", full: "1 Nov" },
        { id: "d2", label: "2", full: "2 Nov" },
      ],
    );
    expect(grid.cells.map((cell) => [cell.label, cell.value])).toEqual([
      ["EC2, 1 Nov", "3"],
      ["EC2, 2 Nov", null],
    ]);
  });

  it("is not made pale by one mad day", () => {
    const cells = Array.from({ length: 100 }, (_, index) => ({
      id: String(index),
      row: 0,
      column: index,
      label: "",
      value: index === 0 ? "1000000" : "100",
    }));
    const strength = strengths(cells);
    expect(strength("100")).toBe(1);
    expect(strength("-100")).toBe(1);
    expect(strength("0")).toBe(0);
    expect(strength(null)).toBe(0);
  });
});

describe("words of a mark", () => {
  it("are its amount, share and change", () => {
    expect(partSentence(part("EC2", "25", "20"), "100", "USD")).toBe("EC2: $25.00, 25.0 % of all, up $5.00");
    expect(partSentence(part("S3", "5", "5"), "-1", "USD")).toBe("S3: $5.00, unchanged");
    expect(partSentence(part("Lost", null), "100", "USD")).toBe("Lost: not known.");
  });

  it("have no share of a whole that is negative or nothing", () => {
    expect(shareOf("5", "0")).toBeNull();
    expect(shareOf("5", "-5")).toBeNull();
    expect(totalOf([part("a", "0.1"), part("b", "0.2"), part("c", null)])).toBe("0.3");
  });

  it("are cut where there is no room, and never through an emoji", () => {
    expect(fitText("Amazon Elastic Compute Cloud", 400)).toBe("Amazon Elastic Compute Cloud");
    expect(fitText("Amazon Elastic Compute Cloud", 80)).toMatch(/^Amazon.*…$/);
    expect(fitText("👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀", 40)).toMatch(/^(👩‍🚀)+…$/u);
    expect(fitText("Amazon", 8)).toBe("");
  });
});
