// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { type ComponentProps, useMemo, useState } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { DataColumn, TableState } from "./column.ts";
import { DataTable } from "./data-table.tsx";
import { type Density, TableDensity } from "./density.ts";

interface Line {
  service: string;
  cost: string | null;
}

const columns: DataColumn<Line>[] = [
  { id: "service", header: "Service", cell: (line) => line.service, value: (line) => line.service, total: "Total" },
  {
    id: "cost",
    header: "Cost",
    kind: "money",
    cell: (line) => line.cost ?? "unknown",
    value: (line) => line.cost,
    total: "110",
  },
];

// jsdom lays nothing out; the table needs to know how tall it is to draw the rows in view.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(640);
  vi.spyOn(HTMLElement.prototype, "offsetWidth", "get").mockReturnValue(800);
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(640);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(800);
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

const serviceOf = (line: Line) => line.service;

function Table({ lines, ...more }: { lines: Line[] } & Partial<ComponentProps<typeof DataTable<Line>>>) {
  const [sort, setSort] = useState<TableState["sort"]>({ by: "cost", direction: "desc" });
  return (
    <DataTable
      label="Costs"
      rows={lines}
      columns={columns}
      rowId={serviceOf}
      state={{ sort }}
      onState={(next) => setSort(next.sort)}
      {...more}
    />
  );
}

const services = () =>
  screen
    .getAllByRole("row")
    .slice(2)
    .map((row) => row.querySelector("td")?.textContent);

const fruits: Line[] = [
  { service: "banana", cost: "2" },
  { service: "mango", cost: "9.123456789012345678" },
  { service: "cherry", cost: null },
];

it("sorts money as decimals and keeps what has no value at the end, either way", () => {
  render(
    <Table
      lines={[
        { service: "s3", cost: "9.5" },
        { service: "lost", cost: null },
        { service: "ec2", cost: "100" },
        { service: "refund", cost: "-3" },
      ]}
    />,
  );
  expect(services()).toEqual(["ec2", "s3", "refund", "lost"]);
  fireEvent.click(screen.getByRole("button", { name: "Cost" }));
  expect(services()).toEqual(["refund", "s3", "ec2", "lost"]);
  expect(screen.getByRole("columnheader", { name: "Cost" }).getAttribute("aria-sort")).toBe("ascending");
});

it("keeps the totals in sight above the rows", () => {
  render(<Table lines={[{ service: "s3", cost: "110" }]} />);
  expect(screen.getAllByRole("row")[1]?.textContent).toBe("Total110");
});

it("draws only the rows in view of a long table", () => {
  render(
    <Table
      lines={Array.from({ length: 100_000 }, (_, index) => ({ service: `service ${index}`, cost: String(index) }))}
    />,
  );
  expect(screen.getByRole("grid").getAttribute("aria-rowcount")).toBe("100002");
  const drawn = screen.getAllByRole("row").length;
  expect(drawn).toBeGreaterThan(20);
  expect(drawn).toBeLessThan(60);
});

it("orders a long table while the page goes on, and says that it is not done", async () => {
  const { container } = render(
    <Table
      lines={Array.from({ length: 20_000 }, (_, index) => ({ service: `service ${index}`, cost: String(index) }))}
    />,
  );
  expect(container.querySelector("[aria-busy=true]")).not.toBeNull();
  expect(services()[0]).toBe("service 0");
  await waitFor(() => expect(services()[0]).toBe("service 19999"));
  expect(container.querySelector("[aria-busy=true]")).toBeNull();
});

it("finds by typing, says how many are left, and shows all again", async () => {
  render(<Table lines={fruits} />);
  fireEvent.change(screen.getByPlaceholderText("Filter"), { target: { value: "an" } });
  await waitFor(() => expect(services()).toEqual(["mango", "banana"]));
  expect(screen.getByText("2 of 3 rows")).toBeTruthy();
  expect(screen.getAllByRole("row")[1]?.textContent).toBe("Total110");
  fireEvent.click(screen.getByLabelText("Clear all filters of the table"));
  await waitFor(() => expect(services()).toHaveLength(3));
});

it("filters a column by a range of amounts and says so", async () => {
  render(<Table lines={fruits} />);
  fireEvent.click(screen.getByLabelText("Options of the column Cost"));
  fireEvent.change(screen.getByLabelText("From"), { target: { value: "5" } });
  fireEvent.change(screen.getByLabelText("To"), { target: { value: "x" } });
  expect(screen.getByText("Not a number.")).toBeTruthy();
  await waitFor(() => expect(services()).toEqual(["mango"]));
  expect(screen.getByText("1 of 3 rows, by Cost")).toBeTruthy();
});

it("hides a column, finds it again, and resets", () => {
  render(<Table lines={fruits} />);
  fireEvent.click(screen.getByLabelText("Columns, 2 of 2 shown"));
  fireEvent.change(screen.getByLabelText("Find a column"), { target: { value: "cos" } });
  fireEvent.click(screen.getByLabelText("Cost"));
  expect(screen.queryByText("Cost", { selector: "th *" })).toBeNull();
  fireEvent.click(screen.getByText("Reset the columns"));
  expect(screen.getByText("Cost", { selector: "th *" })).toBeTruthy();
});

it("sets all rows closer where the reader wants more of them on a screen", () => {
  const lines = Array.from({ length: 1000 }, (_, index) => ({ service: `s${index}`, cost: `${1000 - index}` }));
  function App() {
    const [density, choose] = useState<Density>("comfortable");
    const value = useMemo(() => ({ density, choose }), [density]);
    return (
      <TableDensity value={value}>
        <Table lines={lines} />
      </TableDensity>
    );
  }
  render(<App />);
  const before = services().length;
  fireEvent.click(screen.getByLabelText("Columns, 2 of 2 shown"));
  fireEvent.click(screen.getByRole("button", { name: "Compact" }));
  expect(screen.getByRole("button", { name: "Compact" }).getAttribute("aria-pressed")).toBe("true");
  fireEvent.keyDown(document.activeElement!, { key: "Escape" });
  expect(services().length).toBeGreaterThan(before);
});

it("copies the selected cells exactly, as they stand", () => {
  render(<Table lines={fruits} />);
  const grid = screen.getByRole("grid");
  fireEvent.focus(grid);
  fireEvent.keyDown(grid, { key: "ArrowRight", shiftKey: true });
  fireEvent.keyDown(grid, { key: "ArrowDown", shiftKey: true });
  const setData = vi.fn();
  fireEvent.copy(grid, { clipboardData: { setData } });
  expect(setData).toHaveBeenCalledWith("text/plain", "mango\t9.123456789012345678\nbanana\t2");
  expect(screen.getByText("4 cells copied.")).toBeTruthy();
});

it("walks by j and k and opens by Enter, a click opens too", () => {
  const onActivate = vi.fn();
  render(<Table lines={fruits} onActivate={onActivate} />);
  const grid = screen.getByRole("grid");
  fireEvent.focus(grid);
  fireEvent.keyDown(grid, { key: "j" });
  expect(document.getElementById(grid.getAttribute("aria-activedescendant")!)?.textContent).toBe("banana");
  fireEvent.keyDown(grid, { key: "Enter" });
  expect(onActivate).toHaveBeenLastCalledWith(fruits[0]);
  fireEvent.click(screen.getByText("cherry"));
  expect(onActivate).toHaveBeenLastCalledWith(fruits[2]);
  fireEvent.keyDown(grid, { key: "/" });
  expect(document.activeElement).toBe(screen.getByPlaceholderText("Filter"));
});

it("opens a group in place, loads what is inside, and says why when that fails", async () => {
  const load = vi
    .fn<(line: Line) => Promise<Line[]>>()
    .mockRejectedValueOnce(new Error("The server did not answer."))
    .mockResolvedValue([
      { service: "small", cost: "1" },
      { service: "big", cost: "8" },
    ]);
  const groups = { load, canOpen: (line: Line) => line.service === "mango" };
  render(<Table lines={fruits} groups={groups} />);
  expect(screen.getByRole("treegrid")).toBeTruthy();
  fireEvent.click(screen.getByLabelText("Open"));
  fireEvent.click(await screen.findByText("Try again"));
  await screen.findByText("big");
  expect(services()).toEqual(["mango", "big", "small", "banana", "cherry"]);
  expect(screen.getByText("mango").closest("tr")?.getAttribute("aria-expanded")).toBe("true");
  fireEvent.click(screen.getByLabelText("Close"));
  expect(services()).toEqual(["mango", "banana", "cherry"]);
});

it("asks for the next page before the reader gets there, and does not sort what the server sorts", () => {
  const onEnd = vi.fn();
  render(<Table lines={fruits} server={{ sorts: true }} hasMore onEnd={onEnd} />);
  expect(onEnd).toHaveBeenCalledTimes(1);
  expect(services().slice(0, 3)).toEqual(["banana", "mango", "cherry"]);
  expect(screen.getByRole("grid").getAttribute("aria-rowcount")).toBe("-1");
});

it("becomes cards where there is no room for columns", () => {
  vi.spyOn(Element.prototype, "getBoundingClientRect").mockReturnValue({ width: 390 } as DOMRect);
  render(<Table lines={fruits} />);
  expect(screen.queryByRole("grid")).toBeNull();
  expect(screen.getByRole("list", { name: "Costs" }).textContent).toContain("mangoCost9.123456789012345678");
  expect(screen.getByText("110")).toBeTruthy();
});

it("tells an empty table from one that a filter has emptied", async () => {
  const { rerender } = render(<Table lines={[]} empty="No cost yet." />);
  expect(screen.getByText("No cost yet.")).toBeTruthy();
  rerender(<Table lines={fruits} state={{ find: "nothing is called this" }} />);
  await screen.findByText(/No row is like that/);
});
