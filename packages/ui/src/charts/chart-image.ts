/** What stands around a chart in its picture, which travels alone. */
export interface ImageFrame {
  title: string;
  /** Period, currency, measure. */
  about: string;
  legend: readonly { label: string; colour: string }[];
}

const styled = ["fill", "stroke", "font-size", "font-weight", "opacity", "fill-opacity", "stroke-dasharray"] as const;
const edge = 16;
const font = "Inter, system-ui, sans-serif";

/**
 * A chart as an SVG that stands alone: colours, sizes and weights are written down as they are on the screen, because
 * neither the page's tokens nor its style sheet go with it.
 */
export function chartToSvg(chart: SVGSVGElement, frame: ImageFrame): { svg: string; width: number; height: number } {
  const copy = chart.cloneNode(true) as SVGSVGElement;
  const [originals, copies] = [chart, copy].map((root) => [root, ...root.querySelectorAll<SVGElement>("*")]);
  originals!.forEach((original, index) => writeStyle(original, copies![index]!));
  const size = { width: Number(chart.getAttribute("width")), height: Number(chart.getAttribute("height")) };
  const tokens = getComputedStyle(chart);
  const colour = (name: string, fallback: string) => tokens.getPropertyValue(name).trim() || fallback;
  const head = 52;
  const legend = legendRows(frame.legend, size.width);
  const width = size.width + edge * 2;
  const height = head + size.height + legend.height + edge * 2;
  const text = (x: number, y: number, size_: number, fill: string, weight: number, content: string) =>
    `<text x="${x}" y="${y}" font-size="${size_}" font-weight="${weight}" fill="${fill}">${escapeXml(content)}</text>`;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${font}">`,
    `<rect width="${width}" height="${height}" fill="${colour("--surface-1", "#ffffff")}"/>`,
    text(edge, edge + 14, 15, colour("--text-1", "#1a1b1e"), 600, frame.title),
    text(edge, edge + 32, 12, colour("--text-2", "#50535a"), 400, frame.about),
    `<g transform="translate(${edge},${edge + head - 8})">${innerOf(copy)}</g>`,
    `<g transform="translate(${edge},${edge + head + size.height})">`,
    ...legend.entries.map(
      ({ x, y, label, colour: dot }) =>
        `<rect x="${x}" y="${y}" width="10" height="10" rx="2" fill="${resolve(dot, tokens)}"/>` +
        text(x + 16, y + 9, 11, colour("--text-2", "#50535a"), 400, label),
    ),
    "</g></svg>",
  ].join("");
  return { svg, width, height };
}

/** The same as pixels, two to each. */
export async function svgToPng({ svg, width, height }: { svg: string; width: number; height: number }): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = width * 2;
    canvas.height = height * 2;
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("The browser cannot draw the picture.");
    context.scale(2, 2);
    context.drawImage(image, 0, 0, width, height);
    return await new Promise((done, fail) =>
      canvas.toBlob((blob) => (blob === null ? fail(new Error("The picture is too large.")) : done(blob)), "image/png"),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}

export function saveFile(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** `Effective cost by service` in November: a name that every file system takes. */
export function fileName(title: string, about: string): string {
  return `${title} ${about}`
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 80);
}

function writeStyle(original: SVGElement, copy: SVGElement): void {
  const computed = getComputedStyle(original);
  for (const name of styled) {
    const value = computed.getPropertyValue(name);
    if (value !== "" && !value.includes("var(") && !copy.getAttribute(name)?.startsWith("url("))
      copy.setAttribute(name, value);
    else if (copy.getAttribute(name)?.includes("var(") === true)
      copy.setAttribute(name, resolve(copy.getAttribute(name)!, computed));
  }
  for (const name of ["class", "style", "tabindex", "role", "aria-label", "data-mark", "data-chart"])
    copy.removeAttribute(name);
}

function resolve(value: string, tokens: CSSStyleDeclaration): string {
  return value.replaceAll(/var\((--[\w-]+)\)/g, (_, name: string) => tokens.getPropertyValue(name).trim() || "#888888");
}

function innerOf(svg: SVGSVGElement): string {
  const serializer = new XMLSerializer();
  return [...svg.childNodes].map((node) => serializer.serializeToString(node)).join("");
}

/** Names one after the other, and on to the next line where they do not fit. */
export function legendRows(legend: ImageFrame["legend"], width: number) {
  let x = 0;
  let y = 8;
  const entries = legend.map(({ label, colour }) => {
    const short = label.length > 40 ? `${label.slice(0, 39)}…` : label;
    const wide = 16 + short.length * 6.4 + 16;
    if (x > 0 && x + wide > width) {
      x = 0;
      y += 18;
    }
    const entry = { x, y, label: short, colour };
    x += wide;
    return entry;
  });
  return { entries, height: legend.length === 0 ? 0 : y + 18 };
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
