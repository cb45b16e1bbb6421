// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Combobox, type Option } from "./combobox.tsx";
import { type Command, CommandPalette } from "./command-palette.tsx";
import { fuzzyFilter, fuzzyScore } from "./fuzzy.ts";
import { NumberField } from "./number-field.tsx";
import { SidePanel } from "./side-panel.tsx";
import { Tabs } from "./tabs.tsx";

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(288);
  vi.spyOn(HTMLElement.prototype, "offsetWidth", "get").mockReturnValue(320);
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(288);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(320);
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  localStorage.clear();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("the fuzzy filter", () => {
  it("prefers the starts of words, then what stands side by side", () => {
    const names = ["Aggregate cost", "Elastic Compute", "Electricity", "Security"];
    expect(fuzzyFilter(names, "ec", (name) => name)[0]).toBe("Elastic Compute");
    expect(fuzzyFilter(names, "elc", (name) => name)).toEqual(["Elastic Compute", "Electricity"]);
    expect(fuzzyScore("Budgets", "xyz")).toBeNull();
    expect(fuzzyFilter(names, " ", (name) => name)).toEqual(names);
  });
});

describe("the command palette", () => {
  const run = vi.fn();
  const commands: Command[] = [
    { id: "overview", label: "Overview", group: "Pages", onRun: () => run("overview") },
    { id: "bills", label: "Bills and sources", group: "Pages", words: "import upload", onRun: () => run("bills") },
    { id: "dark", label: "Dark mode", group: "Actions", onRun: () => run("dark") },
  ];
  const labels = () => screen.getAllByRole("option").map((option) => option.textContent);

  it("finds by other words too, runs by Enter, and remembers what was used", () => {
    const onClose = vi.fn();
    const { rerender } = render(<CommandPalette isOpen onClose={onClose} commands={commands} />);
    const field = screen.getByRole("combobox");
    fireEvent.change(field, { target: { value: "upload" } });
    expect(labels()).toEqual(["Bills and sources"]);
    fireEvent.keyDown(field, { key: "Enter" });
    expect(run).toHaveBeenLastCalledWith("bills");
    expect(onClose).toHaveBeenCalled();
    rerender(<CommandPalette isOpen={false} onClose={onClose} commands={commands} />);
    rerender(<CommandPalette isOpen onClose={onClose} commands={commands} />);
    expect(labels()).toEqual(["Bills and sources", "Overview", "Dark mode"]);
    expect(screen.getByText("Recent")).toBeTruthy();
  });

  it("puts what the server finds below, and says when nothing answers", async () => {
    const search = vi.fn(async (text: string) =>
      text === "ec2" ? [{ id: "s", label: "Amazon EC2", group: "Services", onRun: () => run("ec2") }] : [],
    );
    render(<CommandPalette isOpen onClose={() => {}} commands={commands} search={search} />);
    const field = screen.getByRole("combobox");
    fireEvent.change(field, { target: { value: "ec2" } });
    await waitFor(() => expect(labels()).toEqual(["Amazon EC2"]));
    fireEvent.change(field, { target: { value: "zzzz" } });
    await screen.findByText(/Nothing answers to/);
  });
});

describe("the combobox", () => {
  const many: Option[] = Array.from({ length: 5000 }, (_, index) => ({ value: `v${index}`, label: `value ${index}` }));

  function Picker({ search }: { search?: (text: string) => Promise<readonly Option[]> }) {
    const [values, setValues] = useState<string[]>([]);
    const source = search === undefined ? { options: many } : { search };
    return <Combobox label="Tag" values={values} onChange={setValues} {...source} />;
  }

  it("draws only some of five thousand values and takes several", () => {
    render(<Picker />);
    fireEvent.click(screen.getByText("any"));
    expect(screen.getAllByRole("option").length).toBeLessThan(40);
    const field = screen.getByRole("combobox");
    fireEvent.change(field, { target: { value: "4999" } });
    fireEvent.keyDown(field, { key: "Enter" });
    fireEvent.change(field, { target: { value: "value 12" } });
    fireEvent.click(screen.getByText("value 12"));
    expect(screen.getByText("2 chosen")).toBeTruthy();
    fireEvent.click(screen.getByText("Clear 2 chosen"));
    expect(screen.getByText("any")).toBeTruthy();
  });

  it("asks the server, and says why when it does not answer", async () => {
    const search = vi
      .fn<(text: string) => Promise<readonly Option[]>>()
      .mockResolvedValueOnce([{ value: "a", label: "alpha" }])
      .mockRejectedValue(new Error("The query took too long."));
    render(<Picker search={search} />);
    fireEvent.click(screen.getByText("any"));
    await screen.findByText("alpha");
    fireEvent.change(screen.getByRole("combobox"), { target: { value: "b" } });
    expect(await screen.findByText(/could not be loaded. The query took too long./)).toBeTruthy();
  });
});

it("keeps a figure as it was typed and tells it as exact decimal text", () => {
  const onChange = vi.fn();
  function Field() {
    const [value, setValue] = useState("");
    return (
      <NumberField
        label="Limit"
        value={value}
        onChange={(next) => {
          setValue(next);
          onChange(next);
        }}
      />
    );
  }
  render(<Field />);
  const field = screen.getByLabelText<HTMLInputElement>("Limit");
  fireEvent.change(field, { target: { value: "1,200.10" } });
  expect(onChange).toHaveBeenLastCalledWith("1200.10");
  expect(field.value).toBe("1,200.10");
  fireEvent.change(field, { target: { value: "1,200.10x" } });
  expect(onChange).toHaveBeenCalledTimes(1);
  expect(screen.getByText(/Write a number/)).toBeTruthy();
});

it("closes the side panel by Escape, gives the focus back, and is resized by the keyboard", () => {
  function Page() {
    const [isOpen, setIsOpen] = useState(false);
    return (
      <>
        <button type="button" onClick={() => setIsOpen(true)}>
          open
        </button>
        {isOpen && (
          <SidePanel title="Proof" onClose={() => setIsOpen(false)}>
            inside
          </SidePanel>
        )}
      </>
    );
  }
  render(<Page />);
  const opener = screen.getByText("open");
  opener.focus();
  fireEvent.click(opener);
  const panel = screen.getByRole("complementary", { name: "Proof" });
  expect(document.activeElement).toBe(panel);
  const grip = screen.getByRole("separator");
  const before = Number(grip.getAttribute("aria-valuenow"));
  fireEvent.keyDown(grip, { key: "ArrowLeft" });
  expect(Number(grip.getAttribute("aria-valuenow"))).toBe(before + 24);
  fireEvent.keyDown(panel, { key: "Escape" });
  expect(screen.queryByText("inside")).toBeNull();
  expect(document.activeElement).toBe(opener);
});

it("shows one tab at a time and tells which one is asked for", () => {
  const onChoose = vi.fn();
  render(
    <Tabs
      label="Parts"
      value="rows"
      onChoose={onChoose}
      tabs={[
        { id: "rows", label: "Rows", content: "the rows" },
        { id: "sql", label: "SQL", content: "the query" },
      ]}
    />,
  );
  expect(screen.getByText("the rows")).toBeTruthy();
  expect(screen.queryByText("the query")).toBeNull();
  fireEvent.mouseDown(screen.getByText("SQL"));
  expect(onChoose).toHaveBeenCalledWith("sql");
});
