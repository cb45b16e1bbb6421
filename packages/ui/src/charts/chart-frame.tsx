import { ChartNoAxesColumn, Ellipsis, Expand, FileImage, Shrink, Table2 } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "../primitives/button.tsx";
import { Menu } from "../primitives/menu.tsx";
import { Segments } from "../primitives/segments.tsx";
import { chartToSvg, fileName, saveFile, svgToPng } from "./chart-image.ts";

export type ChartView = "chart" | "table";

/**
 * Around every chart: its title, its period, its table, its picture, and the whole screen when it is asked for.
 *
 * - `children` draws the chart at the height given: `{(height) => <Treemap height={height} … />}`.
 * - `table` is the same figures as a `DataTable`.
 * - `view` and `onView` keep the choice in the page's URL; without them it lives here.
 * - The chart's `<svg data-chart>` is what the picture is made of; `legend` goes below it there.
 */
interface ChartFrameProps {
  title: string;
  /** Period, currency and measure, in words; it stands in the picture too. */
  about: string;
  table: ReactNode;
  children: (height: number) => ReactNode;
  height?: number;
  legend?: readonly { label: string; colour: string }[];
  view?: ChartView;
  onView?: (view: ChartView) => void;
  /** More choices for the head: grain, measure. */
  actions?: ReactNode;
}

export function ChartFrame({ title, about, table, children, height = 280, legend = [], ...props }: ChartFrameProps) {
  const frame = useRef<HTMLElement>(null);
  const [ownView, setOwnView] = useState<ChartView>("chart");
  const [failure, setFailure] = useState<string | null>(null);
  const fullHeight = useFullHeight(frame);
  const view = props.view ?? ownView;
  const choose = (next: ChartView) => {
    setOwnView(next);
    props.onView?.(next);
  };
  const save = async (kind: "svg" | "png") => {
    setFailure(null);
    const chart = frame.current?.querySelector<SVGSVGElement>("svg[data-chart]");
    if (chart == null) return setFailure("There is no chart to save. Switch from the table to the chart.");
    const picture = chartToSvg(chart, { title, about, legend });
    const blob = kind === "svg" ? new Blob([picture.svg], { type: "image/svg+xml" }) : await svgToPng(picture);
    saveFile(blob, `${fileName(title, about)}.${kind}`);
  };
  const trySave = (kind: "svg" | "png") =>
    void save(kind).catch((error: unknown) => setFailure(error instanceof Error ? error.message : "It did not work."));
  const isFull = fullHeight !== null;
  return (
    <section ref={frame} className="min-w-0 rounded-lg border border-line bg-surface-1" aria-label={title}>
      <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 pt-3 pb-2">
        <div className="min-w-0">
          <h2 className="text-base font-semibold" dir="auto">
            {title}
          </h2>
          <p className="text-xs text-text-2">{about}</p>
        </div>
        <div className="flex flex-wrap items-center gap-2 print:hidden">
          {props.actions}
          <Segments
            label={`${title}: shown as`}
            value={view}
            onChoose={choose}
            options={[
              { value: "chart", label: "Chart", icon: <ChartNoAxesColumn size={14} aria-hidden /> },
              { value: "table", label: "Table", icon: <Table2 size={14} aria-hidden /> },
            ]}
          />
          {isFull && (
            <Button icon={<Shrink size={16} aria-hidden />} onClick={() => void document.exitFullscreen()}>
              Leave full screen
            </Button>
          )}
          <Menu
            trigger={
              <Button
                kind="quiet"
                icon={<Ellipsis size={16} aria-hidden />}
                aria-label={`More for ${title}`}
                title="Picture, full screen"
              />
            }
            groups={[
              {
                actions: [
                  {
                    id: "png",
                    label: "Save as PNG",
                    icon: <FileImage size={14} aria-hidden />,
                    isDisabled: view === "table",
                    onSelect: () => trySave("png"),
                  },
                  {
                    id: "svg",
                    label: "Save as SVG",
                    icon: <FileImage size={14} aria-hidden />,
                    isDisabled: view === "table",
                    onSelect: () => trySave("svg"),
                  },
                ],
              },
              {
                actions: [
                  {
                    id: "full",
                    label: "Full screen",
                    icon: <Expand size={14} aria-hidden />,
                    onSelect: () =>
                      void frame.current
                        ?.requestFullscreen()
                        .catch(() => setFailure("The browser does not allow full screen here.")),
                  },
                ],
              },
            ]}
          />
        </div>
      </header>
      {failure !== null && (
        <p role="alert" className="px-4 pb-2 text-sm text-negative">
          {failure}
        </p>
      )}
      {/* A menu opens outside of the section and would not be seen while that has the screen: hence the button. */}
      {view === "table" ? table : <div className="px-4 pb-4">{children(isFull ? fullHeight : height)}</div>}
    </section>
  );
}

/** Height left for the chart while the frame has the whole screen; null while it has not. */
function useFullHeight(frame: React.RefObject<HTMLElement | null>): number | null {
  const [height, setHeight] = useState<number | null>(null);
  useEffect(() => {
    const follow = () =>
      setHeight(
        document.fullscreenElement !== null && document.fullscreenElement === frame.current
          ? Math.max(240, window.innerHeight - 160)
          : null,
      );
    document.addEventListener("fullscreenchange", follow);
    window.addEventListener("resize", follow);
    return () => {
      document.removeEventListener("fullscreenchange", follow);
      window.removeEventListener("resize", follow);
    };
  }, [frame]);
  return height;
}
