import { filterSpecs } from "./filter-specs.ts";
import { groupSpecs } from "./group-specs.ts";
import { measureSpecs } from "./measure-specs.ts";
import type { QuerySpec } from "./query-spec.ts";
import { trendSpecs } from "./trend-specs.ts";

/** Every spec that each engine has to answer alike. */
export const querySpecs: readonly QuerySpec[] = [...measureSpecs, ...groupSpecs, ...filterSpecs, ...trendSpecs];
