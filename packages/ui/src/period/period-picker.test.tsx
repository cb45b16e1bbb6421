// @vitest-environment jsdom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import type { ComponentProps } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { type PeriodChoice, PeriodPicker } from "./period-picker.tsx";

afterEach(cleanup);

function open(value: PeriodChoice, more: Partial<ComponentProps<typeof PeriodPicker>> = {}) {
  const onChoose = vi.fn();
  render(
    <PeriodPicker
      value={value}
      available={{ start: "2025-09-14", end: "2026-11-22" }}
      today="2026-11-22"
      onChoose={onChoose}
      {...more}
    />,
  );
  fireEvent.click(screen.getByRole("button", { name: /Period/ }));
  return onChoose;
}

it("says which days are shown, and what each preset means", () => {
  open({ preset: "month-to-date" });
  expect(screen.getByRole("button", { name: /Latest month\s*1 to 21 Nov 2026/, pressed: true })).toBeTruthy();
  expect(screen.getByRole("button", { name: /Last 6 months/, pressed: false }).textContent).toContain(
    "1 Jun to 21 Nov 2026",
  );
});

it("chooses a preset", () => {
  const onChoose = open({ preset: "month-to-date" });
  fireEvent.click(screen.getByRole("button", { name: /Last 90 days/ }));
  expect(onChoose).toHaveBeenCalledWith({ preset: "last-90-days" });
});

it("takes the last day that is named into the period", () => {
  const onChoose = open({ preset: "month-to-date" });
  fireEvent.change(screen.getByLabelText("First day"), { target: { value: "2026-03-01" } });
  fireEvent.change(screen.getByLabelText("Last day"), { target: { value: "2026-03-31" } });
  fireEvent.click(screen.getByRole("button", { name: "Show" }));
  expect(onChoose).toHaveBeenCalledWith({ period: { start: "2026-03-01", end: "2026-04-01" } });
});

it("refuses a last day before the first, and says so", () => {
  const onChoose = open({ period: { start: "2026-03-01", end: "2026-04-01" } });
  fireEvent.change(screen.getByLabelText("Last day"), { target: { value: "2026-02-01" } });
  expect(screen.getByRole("alert").textContent).toContain("must not come before");
  fireEvent.click(screen.getByRole("button", { name: "Show" }));
  expect(onChoose).not.toHaveBeenCalled();
});

it("takes two days of the calendar, in whatever order they are chosen", () => {
  const onChoose = open({ preset: "month-to-date" });
  fireEvent.click(screen.getByLabelText(/\b20 Oct 2026/));
  fireEvent.click(screen.getByLabelText(/\b5 Oct 2026/));
  expect(screen.getByLabelText(/\b12 Oct 2026/).getAttribute("aria-pressed")).toBe("true");
  fireEvent.click(screen.getByRole("button", { name: "Show" }));
  expect(onChoose).toHaveBeenCalledWith({ period: { start: "2026-10-05", end: "2026-10-21" } });
});

it("walks over the days by the keyboard, and on to the next month", async () => {
  open({ period: { start: "2026-10-01", end: "2026-11-01" } });
  const last = screen.getByLabelText(/\b31 Oct 2026/);
  last.focus();
  fireEvent.keyDown(last, { key: "ArrowRight" });
  await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toMatch(/1 Nov 2026/));
  fireEvent.keyDown(document.activeElement!, { key: "PageUp" });
  await waitFor(() => expect(document.activeElement?.getAttribute("aria-label")).toMatch(/1 Oct 2026/));
});

it("speaks of the company's own fiscal year", () => {
  open({ preset: "month-to-date" }, { fiscalStart: 4 });
  expect(screen.getByRole("button", { name: /Fiscal year to date\s*1 Apr to 21 Nov 2026/ })).toBeTruthy();
});

it("chooses what the period is held against", () => {
  const onComparison = vi.fn();
  open({ preset: "month-to-date" }, { comparison: "before", onComparison });
  fireEvent.click(screen.getByRole("button", { name: "Last year" }));
  expect(onComparison).toHaveBeenCalledWith("last-year");
});
