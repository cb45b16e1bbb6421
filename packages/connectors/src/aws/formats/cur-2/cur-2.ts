import type { BillFormat, BillHeader, Detection, InputColumn, RejectRule } from "../../../format.ts";
import { type CurColumn, presentColumns } from "../../cur-columns.ts";
import { type CurLayout, curMapping } from "../../cur-mapping.ts";
import { discountColumns, tagColumns } from "../../cur-tag-columns.ts";
import { compactObject, joinObjects, prefixedObject, replaceKeyPrefix } from "../../json-objects.ts";

/** CUR 2.0 of AWS Data Exports: tags, cost categories, discounts and product attributes as maps, or as JSON text in a CSV. */
export const cur2: BillFormat = {
  id: "aws-cur-2",
  label: "AWS Cost and Usage Report 2.0",
  connector: "aws",
  dataset: "costs",
  detect,
  mapping: (header) => curMapping(header, cur2Layout(header)),
};

const ownColumns: readonly string[] = [
  "bill_payer_account_name",
  "line_item_usage_account_name",
  "resource_tags",
  "cost_category",
  "product",
  "discount",
  "tags",
];

function detect(header: BillHeader): Detection | null {
  const names = columnNames(header);
  const own = ownColumns.find((name) => names.includes(name));
  if (own === undefined || names.filter((name) => name.startsWith("line_item_")).length < 3) return null;
  return { confidence: 0.97, because: `Its columns are those of the AWS Cost and Usage Report 2.0, such as ${own}.` };
}

const maps = {
  resource_tags: { names: ["resource_tags"], kind: "json" },
  cost_category: { names: ["cost_category"], kind: "json" },
  all_tags: { names: ["tags"], kind: "json" },
  discount: { names: ["discount"], kind: "json" },
  product: { names: ["product"], kind: "map" },
  resource_tag: { names: ["resource_tags"], kind: "map" },
  cost_categories: { names: ["cost_category"], kind: "map" },
  any_tag: { names: ["tags"], kind: "map" },
} satisfies Record<string, InputColumn>;

function cur2Layout(header: BillHeader): CurLayout {
  const names = columnNames(header);
  const hasMap = (map: keyof typeof maps) => names.includes(maps[map].names[0]!);
  const hasColumn = presentColumns(header);
  const object = (map: keyof typeof maps) => compactObject(map, header.container === "csv");
  const columns = tagColumns(header);
  const discounts = discountColumns(header);
  const userPrefix = userKeyPrefix(header);

  // The column `tags` holds what resource_tags and cost_category hold, and account tags and user attributes besides.
  const tagSources: Record<string, string> = hasMap("all_tags")
    ? { all_tag_object: object("all_tags"), tag_object: replaceKeyPrefix("all_tag_object", "resourceTags/", "") }
    : {
        ...(hasMap("resource_tags")
          ? {
              resource_tag_object: object("resource_tags"),
              user_tag_object: replaceKeyPrefix("resource_tag_object", userPrefix, ""),
              tag_object: replaceKeyPrefix("user_tag_object", "aws_", "aws:"),
            }
          : {}),
        ...(hasMap("cost_category")
          ? { cost_category_object: prefixedObject("cost_categories", "costCategory/") }
          : {}),
      };

  return {
    inputs: maps,
    families: { ...columns, ...discounts },
    steps: tagSources,
    tags: joinObjects([
      ...["tag_object", "cost_category_object"].filter((name) => name in tagSources),
      ...Object.keys(columns),
    ]),
    nameTag: hasMap("all_tags")
      ? "any_tag['resourceTags/Name']"
      : hasMap("resource_tags")
        ? `coalesce(resource_tag['${userPrefix}name'], resource_tag['${userPrefix}Name'])`
        : "name_tag",
    discounts: hasMap("discount") ? object("discount") : (Object.keys(discounts)[0] ?? null),
    attribute: (column: CurColumn) => (hasMap("product") && !hasColumn(column) ? `product['${column}']` : column),
    rejected:
      header.container === "csv"
        ? (["resource_tags", "cost_category", "all_tags"] as const).filter(hasMap).map(rejectUnreadable)
        : [],
  };
}

/** AWS writes `user_cost_center` and `aws_created_by`; some exports keep the colon of the tag's own name. */
function userKeyPrefix(header: BillHeader): string {
  return header.sample.some((row) => row["resource_tags"]?.includes("user:")) ? "user:" : "user_";
}

function rejectUnreadable(map: keyof typeof maps): RejectRule {
  const column = maps[map].names[0]!;
  return {
    when: `${map} IS NOT NULL AND NOT json_valid(${map})`,
    reason: `'The column ${column} is not a JSON object: ' || left(${map}, 60)`,
  };
}

function columnNames(header: BillHeader): string[] {
  return header.columns.map((column) => column.name.trim().toLowerCase());
}
