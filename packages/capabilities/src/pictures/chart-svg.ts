import { scaleBand, scaleLinear } from "d3-scale";
import { line, stack, stackOffsetDiverging } from "d3-shape";

interface Named {
  label: string;
  /** The figure as people read it. */
  shown: string;
}

/** A picture of figures, in words and numbers. Numbers are rounded here and nowhere before: a picture has no digits. */
export type ChartData = {
  title: string;
  /** What who cannot see it is told. */
  description: string;
  /** Prints a mark of the axis. */
  mark: (value: number) => string;
} & (
  | {
      kind: "bars" | "lines";
      /** Names of the places from left to right. */
      buckets: readonly string[];
      series: readonly (Named & { values: readonly (number | null)[]; isDashed?: boolean })[];
    }
  | { kind: "ranking"; parts: readonly (Named & { value: number })[] }
);

const width = 720;
const plotHeight = 220;
const left = 74;
const right = 16;
const top = 42;
const lineHeight = 19;
const [ink, quiet, rule] = ["#1a1b1e", "#50535a", "#e3e3df"];
// The light series of packages/ui/src/tokens.css.
const colours = ["#1f6fb2", "#e08a00", "#0f8f6f", "#b8578f", "#63a8dc", "#c8501a", "#7a63c0", "#a89a13", "#3d5a80"];
const otherColour = "#b3b4b1";

/** Letters as shapes, for what draws them in no font that it has; null for what stays text. */
export type Outline = (
  words: string,
  size: number,
  weight: "plain" | "bold",
) => { shapes: string; width: number } | null;

/** Draws a chart for light paper: title, axes, and a legend with the figures. Pure, so the same data is the same picture. */
export function chartSvg(chart: ChartData, outline: Outline): string {
  const text = writerOf(outline);
  const { height, body } = chart.kind === "ranking" ? ranking(chart, text) : overTime(chart, text);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans" font-size="12">
<rect width="${width}" height="${height}" fill="#ffffff"/>
${text(chart.title, { x: 8, y: 22, size: 15, weight: "bold", max: 76 })}
${body}</svg>`;
}

function overTime(
  chart: Extract<ChartData, { kind: "bars" | "lines" }>,
  text: WriteText,
): { height: number; body: string } {
  const { buckets, series, mark, kind } = chart;
  const x = scaleBand<number>()
    .domain(buckets.map((_, index) => index))
    .range([left, width - right])
    .padding(0.2);
  const stacked = kind === "bars" ? stackOf(series) : [];
  const ends =
    kind === "bars" ? stacked.flat(2) : series.flatMap(({ values }) => values.filter((value) => value !== null));
  const y = scaleLinear()
    .domain([Math.min(0, ...ends), Math.max(0, ...ends) || 1])
    .nice(5)
    .range([top + plotHeight, top]);
  const marks = y.ticks(5).map(
    (value) => `<line x1="${left}" x2="${width - right}" y1="${n(y(value))}" y2="${n(y(value))}" stroke="${rule}"/>
${text(mark(value), { x: left - 8, y: y(value) + 4, anchor: "end", colour: quiet, size: 11, max: 12 })}`,
  );
  const step = Math.ceil(buckets.length / 8);
  const names = buckets.map((label, index) =>
    index % step === 0
      ? text(label, {
          x: x(index)! + x.bandwidth() / 2,
          y: top + plotHeight + 18,
          anchor: "middle",
          colour: quiet,
          size: 11,
          max: 14,
        })
      : "",
  );
  const shapes =
    kind === "bars"
      ? stacked.flatMap((places, at) =>
          places.map(([from, to], index) =>
            from === to
              ? ""
              : `<rect x="${n(x(index)!)}" y="${n(y(Math.max(from, to)))}" width="${n(x.bandwidth())}" height="${n(Math.abs(y(from) - y(to)))}" fill="${colourOf(at, series)}"/>`,
          ),
        )
      : series.map((one, at) => {
          const path = line<number | null>()
            .defined((value) => value !== null)
            .x((_, index) => x(index)! + x.bandwidth() / 2)
            .y((value) => y(value ?? 0))
            .digits(1)([...one.values]);
          return `<path d="${path ?? ""}" fill="none" stroke="${colourOf(at, series)}" stroke-width="2"${one.isDashed === true ? ' stroke-dasharray="5 4"' : ""}/>`;
        });
  const legendTop = top + plotHeight + 44;
  const legend = series.map((one, at) => {
    const [column, row] = [at % 2, Math.floor(at / 2)];
    const [x0, y0] = [12 + column * (width / 2), legendTop + row * lineHeight];
    return `<rect x="${x0}" y="${y0 - 10}" width="11" height="11" rx="2" fill="${colourOf(at, series)}"/>
${text(one.label, { x: x0 + 18, y: y0, max: 26 })}
${text(one.shown, { x: x0 + width / 2 - 28, y: y0, anchor: "end", max: 22 })}`;
  });
  return {
    height: legendTop + Math.ceil(series.length / 2) * lineHeight,
    body: [...marks, ...shapes, ...names, ...legend].join("\n"),
  };
}

/** Costs upwards and refunds downwards, each on top of the one before. */
function stackOf(series: readonly { values: readonly (number | null)[] }[]): [number, number][][] {
  const places = (series[0]?.values ?? []).map((_, index) => index);
  return stack<unknown, number, number>()
    .keys(series.map((_, at) => at))
    .value((index, at) => series[at]!.values[index] ?? 0)
    .offset(stackOffsetDiverging)(places)
    .map((one) => one.map(([from, to]) => [from, to]));
}

function ranking(
  { parts }: Extract<ChartData, { kind: "ranking" }>,
  text: WriteText,
): { height: number; body: string } {
  const [from, to] = [230, width - 150];
  const ends = parts.map(({ value }) => value);
  const x = scaleLinear()
    .domain([Math.min(0, ...ends), Math.max(0, ...ends) || 1])
    .range([from, to]);
  const rows = parts.map(({ label, shown, value }, at) => {
    const y = top + at * 26;
    const [start, end] = [Math.min(x(0), x(value)), Math.max(x(0), x(value))];
    return `${text(label, { x: from - 10, y: y + 13, anchor: "end", max: 30 })}
<rect x="${n(start)}" y="${y}" width="${n(Math.max(1, end - start))}" height="18" rx="2" fill="${colours[0]}"/>
${text(shown, { x: end + 8, y: y + 13, max: 20 })}`;
  });
  return { height: top + parts.length * 26 + 10, body: rows.join("\n") };
}

/** What is "Other" is grey; it comes last. */
function colourOf(at: number, series: readonly Named[]): string {
  const isOther = series[at]!.label === "Other" && at === series.length - 1;
  return isOther ? otherColour : colours[at % colours.length]!;
}

interface TextLook {
  x: number;
  y: number;
  /** So many Latin letters have room. */
  max: number;
  size?: number;
  weight?: "bold";
  anchor?: "middle" | "end";
  colour?: string;
}

type WriteText = (words: string, look: TextLook) => string;

function writerOf(outline: Outline): WriteText {
  return (words, { x, y, max, size = 12, weight, anchor, colour = ink }) => {
    const shown = shorten(words, max);
    const outlined = outline(shown, size, weight ?? "plain");
    if (outlined !== null) {
      const before = anchor === undefined ? 0 : anchor === "end" ? outlined.width : outlined.width / 2;
      return `<g transform="translate(${n(x - before)} ${n(y)})" fill="${colour}">${outlined.shapes}</g>`;
    }
    return `<text x="${n(x)}" y="${n(y)}" font-size="${size}" fill="${colour}"${weight === undefined ? "" : ` font-weight="${weight}"`}${anchor === undefined ? "" : ` text-anchor="${anchor}"`}>${escapeXml(shown)}</text>`;
  };
}

const wide =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\uFF01-\uFF60]/u;

/** As much as there is room for. Signs of East Asia take the room of two. */
function shorten(words: string, max: number): string {
  const signs = Array.from(words);
  const ends = signs.reduce<number[]>((all, sign) => [...all, (all.at(-1) ?? 0) + (wide.test(sign) ? 2 : 1)], []);
  if ((ends.at(-1) ?? 0) <= max) return words;
  return `${signs.slice(0, ends.filter((end) => end < max).length).join("")}…`;
}

/** XML has no control characters, not even escaped. */
function escapeXml(words: string): string {
  const marks: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return words.replaceAll(/[\p{Cc}\p{Surrogate}\uFFFE\uFFFF]/gu, " ").replaceAll(/[&<>"]/g, (mark) => marks[mark]!);
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}
