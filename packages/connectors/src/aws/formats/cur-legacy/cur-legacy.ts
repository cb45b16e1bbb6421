import type { BillFormat, BillHeader, Detection } from "../../../format.ts";
import { type CurLayout, curMapping } from "../../cur-mapping.ts";
import { discountColumns, tagColumns } from "../../cur-tag-columns.ts";
import { joinObjects } from "../../json-objects.ts";

/** The original Cost and Usage Report: one column for each tag and product attribute, as CSV or as parquet for Athena. */
export const curLegacy: BillFormat = {
  id: "aws-cur-legacy",
  label: "AWS Cost and Usage Report",
  connector: "aws",
  dataset: "costs",
  detect,
  mapping: (header) => curMapping(header, legacyLayout(header)),
};

function detect(header: BillHeader): Detection | null {
  const names = header.columns.map((column) => column.name.trim().toLowerCase());
  // Oracle's cost reports have lineItem/ columns too, but no line item type.
  if (names.includes("lineitem/lineitemtype") && names.filter((name) => name.startsWith("lineitem/")).length >= 3) {
    return {
      confidence: 0.98,
      because: "Its columns are named as in an AWS Cost and Usage Report, such as lineItem/LineItemType.",
    };
  }
  // CUR 2.0 has these columns too and is told apart by those of its own, with a higher confidence.
  if (names.filter((name) => name.startsWith("line_item_")).length >= 3) {
    return {
      confidence: 0.93,
      because: "Its columns are those of an AWS Cost and Usage Report for Athena, such as line_item_line_item_type.",
    };
  }
  return null;
}

function legacyLayout(header: BillHeader): CurLayout {
  const tags = tagColumns(header);
  const discounts = discountColumns(header);
  return {
    inputs: {},
    families: { ...tags, ...discounts },
    steps: {},
    tags: joinObjects(Object.keys(tags)),
    nameTag: "name_tag",
    discounts: Object.keys(discounts)[0] ?? null,
    attribute: (column) => column,
    rejected: [],
  };
}
