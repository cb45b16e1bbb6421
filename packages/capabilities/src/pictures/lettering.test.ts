import { expect, it } from "vitest";
import { chartSvg, type ChartData } from "./chart-svg.ts";
import { dejavu } from "./font-store.ts";
import { letter } from "./lettering.ts";
import { outline } from "./outline.ts";

const said = (line: string) => letter(line, "plain").letters.map(({ face, text }) => `${face.name}: ${text}`);

it("has each sign of a line in the first font that has it", () => {
  expect(said("web")).toEqual(["plain: web"]);
  expect(said("Ωμέγα Спенд €")).toEqual(["plain: Ωμέγα Спенд €"]);
  expect(said("prod-東京-계정")).toEqual(["plain: prod-", "han: 東京", "plain: -", "hangul: 계정"]);
  expect(said("go \u{1F680}!")).toEqual(["plain: go ", expect.stringMatching(/^emoji-\d: \u{1F680}$/u), "plain: !"]);
});

it("has what is taken for simple in DejaVu, whatever of it", () => {
  const font = dejavu.plain.font();
  const has = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, at) => from + at).filter((sign) => !font.hasGlyphForCodePoint(sign));
  expect([has(0x20, 0x7e), has(0xa0, 0x17f), has(0x2010, 0x2026), has(0x20ac, 0x20ac), has(0x2212, 0x2212)]).toEqual([
    [],
    [],
    [],
    [],
    [],
  ]);
});

it("puts a sign in place of each that no font has", () => {
  expect(said("a\u{13000}b")).toEqual(["plain: a\uFFFDb"]);
  expect(said("\uD800")).toEqual(["plain: \uFFFD"]);
});

it("puts what is written from the right into the order in which the eye meets it", () => {
  // Hebrew with a figure and brackets, in a line from the left and in one from the right.
  expect(said("cost מחיר 12 (ab)")).toEqual(["plain: cost ", "plain: 12", "plain: מחיר ", "plain:  (ab)"]);
  expect(letter("מחיר 12", "plain")).toMatchObject({ isFromRight: true, letters: [{ text: "12" }, { text: "מחיר " }] });
  expect(letter("(מחיר)", "plain").letters.map(({ text }) => text)).toEqual([")מחיר("]);
  expect(letter("cost", "plain").isFromRight).toBe(false);
  // A line in the middle of a paragraph from the right: what ends it stands at its left.
  expect(letter("cost.", "plain", "rtl").letters.map(({ text }) => text)).toEqual([".", "cost"]);
});

it("draws names in pictures as shapes where DejaVu has no letters for them, and cuts wide ones sooner", () => {
  const chart = (label: string): ChartData => ({
    title: "Costs",
    description: "",
    mark: String,
    kind: "ranking",
    parts: [{ label, shown: "$1", value: 1 }],
  });
  expect(chartSvg(chart("Web"), outline)).toContain(">Web</text>");
  const svg = chartSvg(chart("生产环境"), outline);
  expect(svg).not.toContain("生产环境");
  expect(svg.match(/<path /g)).toHaveLength(4);
  expect(chartSvg(chart("生".repeat(40)), outline).match(/<path /g)).toHaveLength(15);
  expect(chartSvg(chart("生".repeat(40)), () => null)).toContain(`>${"生".repeat(14)}…</text>`);
});
