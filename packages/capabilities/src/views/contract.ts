import * as z from "zod";
import { CostView } from "./cost-view.ts";

export { CostFilter } from "@finops/warehouse/query/cost-query";
export { formatFilterText, simplifyFilter } from "@finops/warehouse/query/format-filter-text";
export { parseFilterText } from "@finops/warehouse/query/parse-filter-text";
export {
  ChartKind,
  chartKinds,
  CostView,
  type CostViewInput,
  defaultView,
  levelsMax,
  measuresMax,
  repairView,
  ViewComparison,
  ViewPeriod,
  ViewSort,
} from "./cost-view.ts";
export { joinQuantities, type QuantityAnswer } from "./join-quantities.ts";
export {
  allOf,
  type GroupKey,
  isValue,
  keysOf,
  namedBy,
  pathFilter,
  planLevel,
  planLevelQuantities,
  planView,
  type ViewMoment,
  viewPeriod,
  type ViewPlan,
} from "./plan-view.ts";

/** `private` is its maker's alone; `company` is seen by everybody of the company and changed by who may. */
export const Visibility = z.enum(["private", "company"]);
export type Visibility = z.infer<typeof Visibility>;

const Name = z.string().trim().min(1, "Give the view a name.").max(120);
const Description = z.string().trim().max(1000);

export const SavedViewInput = z.strictObject({
  name: Name,
  description: Description.default(""),
  view: CostView,
  visibility: Visibility.default("private"),
});
export type SavedViewInput = z.input<typeof SavedViewInput>;

/** `version` is the one that the change was made on; another means that somebody was faster. */
export const SavedViewChange = z.strictObject({
  version: z.int().min(1),
  name: Name.optional(),
  description: Description.optional(),
  view: CostView.optional(),
  visibility: Visibility.optional(),
});
export type SavedViewChange = z.input<typeof SavedViewChange>;

const Person = z.object({ id: z.string(), name: z.string() });

export const SavedView = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  view: CostView,
  visibility: Visibility,
  /** Counts up with every change. */
  version: z.number(),
  owner: Person,
  changedBy: Person,
  createdAt: z.string(),
  changedAt: z.string(),
  /** Of the person who asks: whether it stands in their rail, and whether their explorer opens with it. */
  isPinned: z.boolean(),
  isDefault: z.boolean(),
  /** Whether the person who asks may change and delete it. */
  mayChange: z.boolean(),
});
export type SavedView = z.infer<typeof SavedView>;

/** What one person wants of a view, without changing it for anybody else. */
export const ViewPreference = z.strictObject({ isPinned: z.boolean().optional(), isDefault: z.boolean().optional() });
export type ViewPreference = z.infer<typeof ViewPreference>;

/** A view as it was: every change keeps what it changed. */
export const SavedViewVersion = z.object({
  version: z.number(),
  name: z.string(),
  description: z.string(),
  view: CostView,
  visibility: Visibility,
  changedBy: Person,
  changedAt: z.string(),
});
export type SavedViewVersion = z.infer<typeof SavedViewVersion>;
