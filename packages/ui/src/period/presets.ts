import type { PresetId } from "@finops/kernel/period-presets";

export {
  type Comparison,
  comparisonPeriod,
  defaultGrain,
  type PresetId,
  presetIds,
  presetsFor,
  resolvePreset,
} from "@finops/kernel/period-presets";

export const presetLabels: Record<PresetId, string> = {
  "month-to-date": "Latest month",
  "last-month": "Month before",
  "quarter-to-date": "Quarter to date",
  "last-quarter": "Quarter before",
  "last-30-days": "Last 30 days",
  "last-90-days": "Last 90 days",
  "last-3-months": "Last 3 months",
  "last-6-months": "Last 6 months",
  "last-12-months": "Last 12 months",
  "year-to-date": "Year to date",
  "fiscal-year-to-date": "Fiscal year to date",
  "last-fiscal-year": "Fiscal year before",
  all: "All data",
};
