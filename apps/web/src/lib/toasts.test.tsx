// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ToastCorner, useToasts } from "./toasts.tsx";

beforeEach(() => {
  vi.useFakeTimers();
  useToasts.setState({ shown: [] });
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const show = (toast: Parameters<ReturnType<typeof useToasts.getState>["show"]>[0]) =>
  act(() => useToasts.getState().show(toast));
const pass = (ms: number) =>
  act(() => {
    vi.advanceTimersByTime(ms);
  });

it("offers a way back, which takes the message with it", () => {
  const onSelect = vi.fn();
  render(<ToastCorner />);
  show({ id: "removed", tone: "info", title: "View removed", action: { label: "Undo", onSelect } });
  fireEvent.click(screen.getByText("Undo"));
  expect(onSelect).toHaveBeenCalledTimes(1);
  expect(screen.queryByText("View removed")).toBeNull();
});

it("goes by itself, unless it is an error or something still runs", () => {
  render(<ToastCorner />);
  show({ id: "removed", tone: "info", title: "View removed" });
  show({ id: "failed", tone: "error", title: "It did not work" });
  show({ id: "running", tone: "info", title: "Exporting", isSticky: true });
  pass(8_100);
  expect(screen.queryByText("View removed")).toBeNull();
  fireEvent.click(screen.getByLabelText("Close: It did not work"));
  expect(screen.queryByText("It did not work")).toBeNull();
  show({ id: "running", tone: "info", title: "Exported" });
  expect(screen.queryByText("Exporting")).toBeNull();
  expect(screen.getByText("Exported")).toBeTruthy();
});

it("waits while somebody reads it", () => {
  render(<ToastCorner />);
  show({ id: "removed", tone: "info", title: "View removed" });
  fireEvent.pointerEnter(screen.getByText("View removed"));
  pass(20_000);
  expect(screen.getByText("View removed")).toBeTruthy();
  fireEvent.pointerLeave(screen.getByText("View removed"));
  pass(8_100);
  expect(screen.queryByText("View removed")).toBeNull();
});
