import { expect, it } from "vitest";
import { fieldGroups, fieldsOf, findFields } from "./field-groups.ts";

const catalog = {
  measures: [],
  dimensions: [
    "providerName",
    "subAccountId",
    "serviceCategory",
    "serviceName",
    "regionName",
    "regionId",
    "day",
    "skuId",
    "commitmentDiscountStatus",
    "billingPeriod",
    "invoiceId",
    "billFile",
    "tags",
  ].map((name) => ({ name, label: name })),
  tagKeys: ["team", "cost-center", "region-owner"],
  extraKeys: ["x_Team"],
  available: null,
  freshAt: null,
};
const fields = fieldsOf(catalog);
const inGroup = (group: string) => fields.filter((field) => field.group === group).map((field) => field.name);

it("stands under the question that it answers, what is asked most first", () => {
  expect(fieldGroups.every((group) => inGroup(group).length > 0)).toBe(true);
  expect([inGroup("Who")[0], inGroup("What")[0], inGroup("Where")[0]]).toEqual([
    "subAccountId",
    "serviceName",
    "regionId",
  ]);
  expect(inGroup("Commitments")).toContain("commitmentDiscountStatus");
  expect(inGroup("Invoice")).toEqual(expect.arrayContaining(["billingPeriod", "invoiceId", "billFile"]));
  expect([inGroup("Tags"), inGroup("Extra")]).toEqual([
    ["tag:team", "tag:cost-center", "tag:region-owner"],
    ["x_Team"],
  ]);
});

it("is found by any part of its name or its group, the best first", () => {
  expect(
    findFields(fields, "region")
      .slice(0, 2)
      .map((field) => field.name),
  ).toEqual(["regionId", "regionName"]);
  expect(findFields(fields, "region").map((field) => field.name)).toContain("tag:region-owner");
  expect(findFields(fields, "tags own").map((field) => field.name)).toEqual(["tag:region-owner"]);
  expect(findFields(fields, "  ")).toBe(fields);
});
