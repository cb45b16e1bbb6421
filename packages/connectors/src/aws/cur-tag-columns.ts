import type { BillHeader, ColumnFamily } from "../format.ts";

/** Tags and cost categories that stand in columns of their own, of those families that a file has. */
export function tagColumns(header: BillHeader): Record<string, ColumnFamily> {
  return existing(tagFamilies, header);
}

/** Discounts that stand in columns of their own: `discount/EdpDiscount` and the like. */
export function discountColumns(header: BillHeader): Record<string, ColumnFamily> {
  return existing(discountFamilies, header);
}

/** A user's tags keep their own key; AWS's tags and cost categories are prefixed, so that they cannot clash with them. */
const tagFamilies: Record<string, ColumnFamily> = {
  tag_columns: { prefix: "resourceTags/", key: (rest) => rest.replace(/^user:/, "") },
  cost_category_columns: { prefix: "costCategory/", key: (rest) => `costCategory/${rest}` },
  athena_tag_columns: { prefix: "resource_tags_", key: (rest) => rest.replace(/^user_/, "").replace(/^aws_/, "aws:") },
  athena_cost_category_columns: { prefix: "cost_category_", key: (rest) => `costCategory/${rest}` },
};

const discountFamilies: Record<string, ColumnFamily> = {
  discount_columns: { prefix: "discount/" },
  athena_discount_columns: { prefix: "discount_" },
};

function existing(families: Record<string, ColumnFamily>, header: BillHeader): Record<string, ColumnFamily> {
  const names = header.columns.map((column) => column.name.trim().toLowerCase());
  return Object.fromEntries(
    Object.entries(families).filter(([, family]) => names.some((name) => name.startsWith(family.prefix.toLowerCase()))),
  );
}
