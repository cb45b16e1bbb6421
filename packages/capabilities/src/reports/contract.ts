import {
  DocumentDescription,
  DocumentHead,
  DocumentName,
  DocumentPerson,
  DocumentVersionHead,
  Sharing,
} from "@finops/platform/documents/sharing";
import { CostAnswer } from "@finops/warehouse/query/cost-query";
import * as z from "zod";
import { CostView } from "../views/contract.ts";

const itemsMax = 60;
const ItemId = z.string().regex(/^[\w-]{1,40}$/, "An item's id has letters, digits, - and _.");
const Title = z.string().trim().max(200);

/** What a report is made of, in the order in which it is read. `figure` is the view's measures in all, `table` its first rows. */
export const ReportItem = z
  .discriminatedUnion("kind", [
    z.strictObject({ id: ItemId, kind: z.literal("text"), text: z.string().max(20_000) }),
    z.strictObject({ id: ItemId, kind: z.literal("figure"), title: Title, view: CostView }),
    z.strictObject({ id: ItemId, kind: z.literal("chart"), title: Title, view: CostView }),
    z.strictObject({
      id: ItemId,
      kind: z.literal("table"),
      title: Title,
      view: CostView,
      rowsMax: z.int().min(1).max(1000).default(25),
    }),
  ])
  .meta({ id: "ReportItem" });
export type ReportItem = z.infer<typeof ReportItem>;

export const ReportItems = z
  .array(ReportItem)
  .max(itemsMax, `A report has at most ${itemsMax} items.`)
  .refine((items) => new Set(items.map((item) => item.id)).size === items.length, "Two items have the same id.");

export const ReportInput = z.strictObject({
  name: DocumentName.optional(),
  description: DocumentDescription.default(""),
  template: z.string().max(40).optional(),
  items: ReportItems.optional(),
  sharing: Sharing.default({ with: "nobody" }),
});
export type ReportInput = z.input<typeof ReportInput>;

/** `version` is the one that the change was made on; another means that somebody was faster. */
export const ReportChange = z.strictObject({
  version: z.int().min(1),
  name: DocumentName.optional(),
  description: DocumentDescription.optional(),
  items: ReportItems.optional(),
  sharing: Sharing.optional(),
});
export type ReportChange = z.input<typeof ReportChange>;

export const Report = DocumentHead.extend({ items: z.array(ReportItem) });
export type Report = z.infer<typeof Report>;

export const ReportSummary = DocumentHead.extend({ itemCount: z.number() });
export type ReportSummary = z.infer<typeof ReportSummary>;

export const ReportVersion = DocumentVersionHead;
export type ReportVersion = z.infer<typeof ReportVersion>;

/** A report as one of its versions left it, to look at before it is brought back. */
export const ReportAsOf = z.object({
  version: z.number(),
  name: z.string(),
  description: z.string(),
  items: z.array(ReportItem),
});
export type ReportAsOf = z.infer<typeof ReportAsOf>;

export const ReportTemplate = z.object({
  key: z.string(),
  name: z.string(),
  about: z.string(),
  items: z.array(ReportItem),
});
export type ReportTemplate = z.infer<typeof ReportTemplate>;

/** An item with its figures as they were when the report was run. `answer` is the cost API's, to the last digit. */
export const ToldItem = z.discriminatedUnion("kind", [
  z.object({ id: z.string(), kind: z.literal("text"), text: z.string() }),
  z.object({
    id: z.string(),
    kind: z.enum(["figure", "chart", "table"]),
    title: z.string(),
    view: CostView,
    grain: z.string(),
    period: z.object({ start: z.string(), end: z.string() }),
    /** The currency that a chart and a table are of; figures are told in all of them. Null without data. */
    currency: z.string().nullable(),
    answer: CostAnswer.nullable(),
    /** Why there is no answer. */
    missing: z.string().nullable(),
  }),
]);
export type ToldItem = z.infer<typeof ToldItem>;

/** A run of a report: kept as it was told, whatever is restated later. */
export const ReportRunHead = z.object({
  id: z.string(),
  reportId: z.string(),
  number: z.number(),
  name: z.string(),
  ranBy: DocumentPerson,
  ranAt: z.string(),
  /** Where the publication log stood. */
  position: z.string(),
  /** True when it tells of the part of the company's costs that its maker saw then. */
  isScoped: z.boolean(),
});
export type ReportRunHead = z.infer<typeof ReportRunHead>;

export const ReportRun = ReportRunHead.extend({ items: z.array(ToldItem) });
export type ReportRun = z.infer<typeof ReportRun>;
