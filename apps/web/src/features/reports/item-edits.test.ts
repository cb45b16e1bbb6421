import type { ReportItem } from "@finops/capabilities/reports/contract";
import { expect, it } from "vitest";
import { asKind, duplicateItem, itemName, moveItem, newItem } from "./item-edits.ts";

const items: ReportItem[] = ["a", "b", "c"].map((id) => ({ id, kind: "text", text: id }));
const order = (list: readonly ReportItem[]) => list.map((item) => item.id).join("");

it("moves an item to another place, and no further than there is", () => {
  expect(order(moveItem(items, "a", 1))).toBe("bac");
  expect(order(moveItem(items, "a", 9))).toBe("bca");
  expect(order(moveItem(items, "c", -1))).toBe("cab");
  expect(order(moveItem(items, "x", 0))).toBe("abc");
});

it("makes new items of last month, and keeps a view when it is shown in another way", () => {
  const chart = newItem({ kind: "view", shows: "chart", from: null });
  expect(chart).toMatchObject({ kind: "chart", view: { period: { preset: "last-month" } } });
  if (chart.kind === "text") throw new Error("It is a chart.");
  expect(asKind(chart, "table")).toMatchObject({ kind: "table", rowsMax: 25, view: chart.view });
  expect(newItem({ kind: "view", shows: "figure", from: null })).toMatchObject({ view: { groupBy: [] } });
  expect(itemName(chart)).toBe("Untitled");
});

it("duplicates an item right behind it, with an id of its own", () => {
  const next = duplicateItem(items, "b");
  expect(next.map((item) => item.kind === "text" && item.text).join("")).toBe("abbc");
  expect(new Set(next.map((item) => item.id)).size).toBe(4);
});
