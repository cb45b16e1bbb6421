// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ChartFrame } from "./chart-frame.tsx";
import { chartToSvg, fileName, legendRows } from "./chart-image.ts";
import { DivergingBars } from "./diverging-bars.tsx";
import { Donut } from "./donut.tsx";
import { Heatmap } from "./heatmap.tsx";
import { calendarGrid } from "./heatmap-layout.ts";
import { HorizontalBars } from "./horizontal-bars.tsx";
import type { Part } from "./part.ts";
import { TrendBrush } from "./trend-brush.tsx";
import { TrendChart } from "./trend-chart.tsx";
import { Treemap } from "./treemap.tsx";

beforeEach(() => {
  vi.spyOn(Element.prototype, "getBoundingClientRect").mockReturnValue({ width: 600, left: 0 } as DOMRect);
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const parts: Part[] = [
  { id: "ec2", label: "EC2", value: "300", before: "200" },
  { id: "s3", label: "S3", value: "100", before: "150" },
  { id: "credit", label: "Credit", value: "-50", before: "-50" },
  { id: "other", label: "(other)", value: "20", isOther: true },
];

describe("a mark", () => {
  it("says its figure, is walked to by arrows, and is a door", () => {
    const onActivate = vi.fn();
    render(<Treemap description="Cost by service" parts={parts} currency="USD" onActivate={onActivate} />);
    const first = screen.getByLabelText(/EC2: \$300.00, 81.1 % of all, up \$100.00/);
    expect(first.getAttribute("tabindex")).toBe("0");
    fireEvent.focus(first);
    fireEvent.keyDown(first, { key: "ArrowRight" });
    expect(document.activeElement?.getAttribute("aria-label")).toMatch(/^S3: /);
    fireEvent.keyDown(document.activeElement!, { key: "Enter" });
    expect(onActivate).toHaveBeenCalledWith(parts[1]);
    fireEvent.click(screen.getByLabelText(/^\(other\)/));
    expect(onActivate).toHaveBeenCalledTimes(1);
    expect(screen.getByText(/Not drawn, because negative/).textContent).toContain("\u2212$50.00");
  });

  it("stands in a donut, in bars and among movers as well", () => {
    const onActivate = vi.fn();
    render(
      <>
        <Donut description="Shares" parts={parts} currency="USD" onActivate={onActivate} />
        <HorizontalBars description="Top" parts={parts} currency="USD" hasColours onActivate={onActivate} />
        <DivergingBars description="Movers" parts={parts} currency="USD" onActivate={onActivate} />
      </>,
    );
    const named = screen.getAllByLabelText(/^EC2: /);
    expect(named).toHaveLength(3);
    named.forEach((mark) => fireEvent.click(mark));
    expect(onActivate).toHaveBeenCalledTimes(3);
    expect(screen.getByText("+$100.00")).toBeTruthy();
    fireEvent.pointerEnter(named[0]!);
    expect(screen.getByText("Share")).toBeTruthy();
  });

  it("is missing where there is nothing, and the chart says so", () => {
    render(
      <>
        <Treemap description="t" parts={[]} currency="USD" />
        <HorizontalBars description="h" parts={[]} currency="USD" />
        <DivergingBars description="d" parts={[]} currency="USD" />
      </>,
    );
    expect(screen.getByText("Nothing moved.")).toBeTruthy();
    expect(screen.getByText("Nothing to show.")).toBeTruthy();
  });

  it("of a calendar is reached by the day below and the week beside", () => {
    const grid = calendarGrid(
      { start: "2026-11-02", end: "2026-11-30" },
      (day) => (day === "2026-11-10" ? null : "5"),
      (day) => day,
      () => "Nov",
    );
    const onActivate = vi.fn();
    render(<Heatmap description="Days" grid={grid} currency="USD" onActivate={onActivate} />);
    const first = screen.getByLabelText("2026-11-02: $5.00");
    first.focus();
    fireEvent.keyDown(first, { key: "ArrowDown" });
    fireEvent.keyDown(document.activeElement!, { key: "ArrowRight" });
    expect(document.activeElement?.getAttribute("aria-label")).toBe("2026-11-10: no cost");
    fireEvent.keyDown(document.activeElement!, { key: "Enter" });
    expect(onActivate.mock.calls[0]?.[0]).toMatchObject({ id: "2026-11-10" });
  });
});

describe("a trend", () => {
  const buckets = ["2026-11-01", "2026-11-02", "2026-11-03"];
  const series = [{ id: "ec2", label: "EC2", colour: "red", isOther: false, values: ["1", null, "3"] }];
  const chart = (more: Partial<Parameters<typeof TrendChart>[0]> = {}) => (
    <TrendChart
      description="Cost by day."
      buckets={buckets}
      formatBucket={(bucket) => bucket}
      series={series}
      previous={["1", "2", null]}
      incomplete="2026-11-03"
      currency="USD"
      kind="lines"
      {...more}
    />
  );

  it("is walked by arrows, says exact figures, and each point is a door", () => {
    const onActivate = vi.fn();
    render(chart({ onActivate, forecastFrom: "2026-11-02" }));
    const svg = screen.getByRole("img");
    fireEvent.keyDown(svg, { key: "End" });
    expect(screen.getByRole("status").textContent).toContain("Expected, not spent.");
    fireEvent.keyDown(svg, { key: "Home" });
    expect(screen.getByRole("status").textContent).toContain("$1.00");
    fireEvent.keyDown(svg, { key: "Enter" });
    expect(onActivate).toHaveBeenCalledWith("2026-11-01");
    fireEvent.keyDown(svg, { key: "Escape" });
    expect(screen.queryByRole("status")).toBeNull();
  });

  it("has a gap where nothing is known", () => {
    const { container } = render(chart());
    expect(container.querySelector("svg[data-chart] path[stroke=red]")?.getAttribute("d")?.match(/M/g)).toHaveLength(2);
  });

  it("shows the range that is chosen below it, by the keyboard too", () => {
    const onRange = vi.fn();
    render(chart({ kind: "bars", brush: { range: [0, 1], onRange } }));
    const last = screen.getByLabelText("Last shown");
    expect(last.getAttribute("aria-valuetext")).toBe("2026-11-02");
    fireEvent.keyDown(last, { key: "ArrowRight" });
    expect(onRange).toHaveBeenLastCalledWith(null);
    fireEvent.keyDown(screen.getByLabelText("First shown"), { key: "ArrowRight" });
    expect(onRange).toHaveBeenLastCalledWith([1, 1]);
    fireEvent.keyDown(screen.getByRole("img"), { key: "End" });
    expect(screen.getByRole("status").textContent).toContain("2026-11-02");
  });

  it("is chosen from by a drag, and a click shows all again", () => {
    const onRange = vi.fn();
    render(<TrendBrush width={164} sizes={[1, 2, 3, 4, 5]} labelOf={String} range={null} onRange={onRange} />);
    const strip = screen.getByRole("group");
    const pointer = (type: string, clientX: number) =>
      fireEvent(strip, new MouseEvent(type, { bubbles: true, clientX }));
    pointer("pointerdown", 56 + 25);
    pointer("pointermove", 56 + 65);
    pointer("pointerup", 56 + 65);
    expect(onRange).toHaveBeenLastCalledWith([1, 3]);
    pointer("pointerdown", 60);
    pointer("pointerup", 60);
    expect(onRange).toHaveBeenLastCalledWith(null);
  });
});

describe("the frame of a chart", () => {
  it("shows its table instead, and says what cannot be saved", () => {
    render(
      <ChartFrame title="Cost" about="November 2026, USD" table={<p>the table</p>}>
        {(height) => <svg data-chart width={100} height={height} />}
      </ChartFrame>,
    );
    expect(screen.queryByText("the table")).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Table" }));
    expect(screen.getByText("the table")).toBeTruthy();
  });

  it("makes a picture that stands alone: title, period, legend, and no token or class", () => {
    const { container } = render(
      <svg data-chart width="200" height="100" style={{ ["--accent" as string]: "#24479e" }}>
        <rect fill="var(--accent)" className="cursor-pointer" data-mark="0" />
        <text>A & B</text>
      </svg>,
    );
    const { svg, width, height } = chartToSvg(container.querySelector("svg")!, {
      title: "Cost <by> service",
      about: "November 2026, USD",
      legend: [{ label: "EC2", colour: "var(--accent)" }],
    });
    expect([width, height]).toEqual([232, 210]);
    const parsed = new DOMParser().parseFromString(svg, "image/svg+xml");
    expect(parsed.querySelector("parsererror")).toBeNull();
    expect(svg).toContain("Cost &lt;by&gt; service");
    expect(svg).toContain("November 2026, USD");
    expect(svg).not.toMatch(/var\(|class=|data-mark/);
    expect(svg).toContain('fill="#24479e"');
  });

  it("names the file after what it shows and wraps a long legend", () => {
    expect(fileName("Effective cost by Service", "1 to 21 Nov 2026, USD")).toBe(
      "effective-cost-by-service-1-to-21-nov-2026-usd",
    );
    const { entries, height } = legendRows(
      Array.from({ length: 4 }, (_, index) => ({ label: `Service number ${index}`, colour: "red" })),
      300,
    );
    expect(entries.map((entry) => entry.y)).toEqual([8, 8, 26, 26]);
    expect(height).toBe(44);
  });
});
