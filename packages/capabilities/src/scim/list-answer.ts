import { countMax, ListParameters, type ScimList, urns } from "./contract.ts";
import { type FilterTest, parseFilter } from "./filter.ts";
import { scimError } from "./scim-error.ts";

export interface ListWish {
  tests: readonly FilterTest[];
  /** From 0 on. */
  skip: number;
  take: number;
}

/** What a list is asked for; a start below 1 is 1, and a negative count is 0 (RFC 7644, 3.4.2.4). */
export function readListWish(input: ListParameters): ListWish {
  const { data } = ListParameters.safeParse(input);
  if (data === undefined)
    throw scimError(
      "invalidValue",
      "startIndex and count are whole numbers, and a filter has at most 1000 characters.",
    );
  const { filter, startIndex, count } = data;
  return {
    tests: filter === undefined || filter === "" ? [] : parseFilter(filter),
    skip: Math.max(1, startIndex) - 1,
    take: Math.min(Math.max(0, count), countMax),
  };
}

/** A page of resources, each without what the client does not want to have. */
export function listAnswer(
  { skip }: ListWish,
  total: number,
  resources: readonly Record<string, unknown>[],
  wish: Pick<ListParameters, "attributes" | "excludedAttributes">,
): ScimList {
  return {
    schemas: [urns.list],
    totalResults: total,
    startIndex: skip + 1,
    itemsPerPage: resources.length,
    Resources: resources.map((resource) => project(resource, wish)),
  };
}

/** A resource with the attributes that are asked for; its schemas and its id are always there. */
export function project(
  resource: Readonly<Record<string, unknown>>,
  { attributes, excludedAttributes }: Pick<ListParameters, "attributes" | "excludedAttributes">,
): Record<string, unknown> {
  const names = (list: string) => new Set(list.split(",").map((name) => name.trim().toLowerCase().split(".")[0]));
  const [wanted, unwanted] = [
    attributes === undefined ? null : names(attributes),
    excludedAttributes === undefined ? null : names(excludedAttributes),
  ];
  return Object.fromEntries(
    Object.entries(resource).filter(([name]) => {
      if (name === "schemas" || name === "id") return true;
      const key = name.toLowerCase();
      return wanted === null ? !(unwanted?.has(key) ?? false) : wanted.has(key);
    }),
  );
}
