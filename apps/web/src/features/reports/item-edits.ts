import type { ReportItem } from "@finops/capabilities/reports/contract";
import { defaultView } from "@finops/capabilities/views/contract";
import { newId } from "@finops/kernel/id";
import type { NewPart } from "../../lib/documents/add-panel.tsx";

/** What somebody does with the items of a report, as the next items. Pure but for new ids. */

export const itemsMax = 60;
const rowsMax = 25;

export function newItem(part: NewPart): ReportItem {
  const id = newId();
  if (part.kind === "text") return { id, kind: "text", text: "" };
  const { shows, from } = part;
  const head = { id, title: from?.name ?? "" };
  const view = from?.view ?? { ...defaultView, period: { preset: "last-month" as const } };
  if (shows === "figure") return { ...head, kind: "figure", view: from === null ? { ...view, groupBy: [] } : view };
  return shows === "chart" ? { ...head, kind: "chart", view } : { ...head, kind: "table", view, rowsMax };
}

/** The same view shown in another way. */
export function asKind(item: Exclude<ReportItem, { kind: "text" }>, kind: "figure" | "chart" | "table"): ReportItem {
  const { id, title, view } = item;
  return kind === "table"
    ? { id, title, view, kind, rowsMax: item.kind === "table" ? item.rowsMax : rowsMax }
    : { id, title, view, kind };
}

/** An item at another place in the order, as far as there is one. */
export function moveItem(items: readonly ReportItem[], id: string, to: number): ReportItem[] {
  const item = items.find((one) => one.id === id);
  if (item === undefined) return [...items];
  const others = items.filter((one) => one.id !== id);
  return others.toSpliced(Math.min(others.length, Math.max(0, to)), 0, item);
}

export function duplicateItem(items: readonly ReportItem[], id: string): ReportItem[] {
  const place = items.findIndex((one) => one.id === id);
  return place < 0 ? [...items] : items.toSpliced(place + 1, 0, { ...items[place]!, id: newId() });
}

export function itemName(item: { kind: string; title?: string; text?: string }): string {
  if (item.kind === "text") return item.text?.trim().split("\n")[0]?.slice(0, 60) || "Text";
  return item.title?.trim() || "Untitled";
}
