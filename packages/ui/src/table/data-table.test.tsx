// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { DataColumn, TableState } from "./column.ts";
import { DataTable } from "./data-table.tsx";

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

function Table({ lines }: { lines: Line[] }) {
  const [sort, setSort] = useState<TableState["sort"]>({ by: "cost", direction: "desc" });
  return (
    <DataTable
      label="Costs"
      rows={lines}
      columns={columns}
      rowId={(line) => line.service}
      state={{ sort }}
      onState={(next) => setSort(next.sort)}
    />
  );
}

const services = () =>
  screen
    .getAllByRole("row")
    .slice(2)
    .map((row) => row.querySelector("td")?.textContent);

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
      lines={Array.from({ length: 5000 }, (_, index) => ({ service: `service ${index}`, cost: String(index) }))}
    />,
  );
  expect(screen.getByRole("grid").getAttribute("aria-rowcount")).toBe("5002");
  const drawn = screen.getAllByRole("row").length;
  expect(drawn).toBeGreaterThan(20);
  expect(drawn).toBeLessThan(60);
});
