import { CostQuery } from "@finops/warehouse/query/cost-query";
import * as z from "zod";
import { allOf, isValue, planView } from "../views/contract.ts";
import type { Answered } from "./compose-told.ts";

/** All groups of a table that was told, as an export is asked for them: with what was published when it was told. */
export const ToldGroups = z.object({
  name: z.string(),
  query: CostQuery.omit({ limit: true, cursor: true }),
  /** Of the publication log. */
  position: z.string(),
});
export type ToldGroups = z.infer<typeof ToldGroups>;

/** A table of a document with every digit and all of its rows: its text, or what there is to ask for it. */
export type ToldTable = { name: string; csv: string } | ToldGroups;

export function groupsOf(name: string, { view, answer, period, currency }: Answered): ToldGroups {
  const moment = { available: period, today: period.end };
  const { limit: _, compare: __, ...table } = planView(view, moment).table;
  const compare = answer.comparisonPeriod;
  const query = ToldGroups.shape.query.parse({ ...table, period, ...(compare === null ? {} : { compare }) });
  const filter = allOf([query.filter, currency === null ? undefined : isValue("billingCurrency", currency)]);
  return {
    name,
    query: { ...query, ...(filter === undefined ? {} : { filter }) },
    position: answer.meta.position,
  };
}
