import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { focusVersions } from "./column.ts";
import { columnsOfVersion, findFocusColumn, focusColumns } from "./columns.ts";
import { columns12 } from "./columns-1-2.ts";
import { contractCommitmentColumns, isContractCommitmentHeader } from "./contract-commitment.ts";
import { currencyCodes, isCurrencyCode } from "./currencies.ts";
import { migrationsFor } from "./migrations.ts";
import { findServiceCategory, serviceCategories, serviceSubcategories } from "./service-categories.ts";
import { detectFocusVersion } from "./versions.ts";

it("has the number of columns that each version publishes", () => {
  expect(focusVersions.map((version) => columnsOfVersion(version).length)).toEqual([43, 50, 57, 65, 65]);
  expect(columns12.length).toBe(57);
});

it("names every column once and says what it means", () => {
  expect(new Set(focusColumns.map((column) => column.id)).size).toBe(focusColumns.length);
  expect(focusColumns.filter((column) => !/^[A-Z].*\.$/.test(column.about))).toEqual([]);
});

it("knows that 1.4 has no provider or publisher, and that 1.3 still has both", () => {
  const idsOf = (version: "1.3" | "1.4") => columnsOfVersion(version).map((column) => column.id);
  expect(idsOf("1.3")).toEqual(expect.arrayContaining(["ProviderName", "PublisherName", "ServiceProviderName"]));
  expect(idsOf("1.4")).not.toContain("PublisherName");
  expect(findFocusColumn("billedcost")).toBeNull();
});

it("puts each of the 82 subcategories under one of the 19 categories", () => {
  expect(serviceCategories.length).toBe(19);
  expect(new Set(serviceSubcategories).size).toBe(82);
  expect(findServiceCategory("Generative AI")).toBe("AI and Machine Learning");
  expect(findServiceCategory("Quantum")).toBeNull();
});

it("accepts currency codes as they are written in ISO 4217 only", () => {
  expect(["USD", "EUR", "ZWL"].every(isCurrencyCode)).toBe(true);
  expect(["usd", "Token", "US", ""].some(isCurrencyCode)).toBe(false);
  expect(new Set(currencyCodes).size).toBe(currencyCodes.length);
});

describe("the version of a header", () => {
  const header = (version: (typeof focusVersions)[number]) => columnsOfVersion(version).map((column) => column.id);

  it.each(focusVersions)("is %s for the full header of that version", (version) => {
    expect(detectFocusVersion(header(version))?.version).toBe(version);
  });

  it("is 1.4 where 1.3's columns stand without the provider that 1.4 removed", () => {
    const added14 = ["InvoiceDetailId", "CommitmentProgramEligibilityDetails"];
    const answer = detectFocusVersion(header("1.4").filter((id) => !added14.includes(id)));
    expect(answer?.version).toBe("1.4");
    expect(answer?.reason).toContain("neither ProviderName nor PublisherName");
  });

  it("says which columns it rests on", () => {
    expect(detectFocusVersion([...header("1.0"), "InvoiceId"])?.reason).toBe(
      "It has InvoiceId, added in 1.2, and nothing that a later version added.",
    );
  });

  it("is none for a bill of another format", () => {
    expect(detectFocusVersion(["lineItem/UsageStartDate", "lineItem/UnblendedCost"])).toBeNull();
    expect(detectFocusVersion([])).toBeNull();
  });

  it("is read through a byte order mark", () => {
    expect(detectFocusVersion(["\uFEFFBilledCost", "EffectiveCost", "ChargeCategory"])?.version).toBe("1.0");
  });
});

describe("columns that later versions renamed or removed", () => {
  const migrated = (header: string[]) => Object.fromEntries(migrationsFor(header).map((m) => [m.to, m.from]));

  it("makes the provider of 1.2 the service provider and the host, and never the publisher", () => {
    expect(migrated(["ProviderName", "PublisherName"])).toEqual({
      ServiceProviderName: "ProviderName",
      HostProviderName: "ProviderName",
    });
  });

  it("leaves a host that the file states alone", () => {
    expect(migrated(["ServiceProviderName", "HostProviderName"])).toEqual({
      ProviderName: "ServiceProviderName",
      PublisherName: "ServiceProviderName",
    });
  });

  it("renames the columns of the preview", () => {
    expect(migrated(["UsageQuantity", "UsageUnit", "Region", "ConsumedUnit"])).toEqual({
      ConsumedQuantity: "UsageQuantity",
      RegionId: "Region",
    });
  });
});

describe("contract commitments", () => {
  it("have 13 columns in 1.3 and 30 in 1.4", () => {
    expect(contractCommitmentColumns.filter((column) => column.since === "1.3").length).toBe(13);
    expect(contractCommitmentColumns.length).toBe(30);
  });

  it("are told apart from costs by their own id", () => {
    expect(isContractCommitmentHeader(["ContractCommitmentId", "ContractId", "BillingCurrency"])).toBe(true);
    expect(isContractCommitmentHeader(["BilledCost", "ContractApplied", "BillingCurrency"])).toBe(false);
  });
});

const bills = `${process.env["FINOPS_ACCEPTANCE_DATA"] ?? "../shared/data"}/bills`;

describe.skipIf(!existsSync(bills))("the sample bills", () => {
  const headerOf = (file: string) =>
    (readFileSync(`${bills}/${file}`, "utf8").split(/\r?\n/)[0] ?? "")
      .split(",")
      .map((name) => name.replaceAll('"', ""));

  it.each([
    ["focus-1.0/focus_sample.csv", "1.0"],
    ["focus-1.2/aws_1_2_rows100.csv", "1.2"],
    ["focus-1.3/gcp_1_3_rows100.csv", "1.3"],
  ])("%s is FOCUS %s", (file, version) => {
    expect(detectFocusVersion(headerOf(file))?.version).toBe(version);
  });

  it("include a contract commitment file with exactly the columns of 1.3", () => {
    const header = headerOf("focus-1.3/aws_1_3_contract_commitment.csv");
    expect(isContractCommitmentHeader(header)).toBe(true);
    expect(header).toEqual(
      contractCommitmentColumns.filter((column) => column.since === "1.3").map((column) => column.id),
    );
  });

  it.each(["aws-cur-legacy/cur_legacy_sample.csv", "azure-cost/ea_export_sample.csv", "oci-cost/oci_cost_report.csv"])(
    "%s is no FOCUS file",
    (file) => expect(detectFocusVersion(headerOf(file))).toBeNull(),
  );
});
