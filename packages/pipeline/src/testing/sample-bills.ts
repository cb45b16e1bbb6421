import { csvText, leastFocusRow } from "@finops/connectors/testing/csv-text";

/** A FOCUS 1.0 bill as CSV: each row only says where it differs from an ordinary one. */
export function focusBill(rows: readonly Record<string, string>[]): string {
  return `${csvText(rows.map((row) => ({ ...focusRow, ...row })))}\n`;
}

export const focusRow = {
  ...leastFocusRow,
  BillingAccountId: "111111111111",
  BillingAccountName: "Shop",
  SubAccountId: "222222222222",
  ProviderName: "AWS",
  PublisherName: "AWS",
  InvoiceIssuerName: "AWS",
  ServiceName: "Amazon EC2",
  ServiceCategory: "Compute",
  ChargeDescription: "An hour of a machine",
  ResourceId: "i-1",
  RegionId: "eu-west-1",
};

/** A bill of AWS's legacy cost and usage report as CSV. */
export function curBill(rows: readonly Record<string, string>[]): string {
  return `${csvText(rows.map((row) => ({ ...curRow, ...row })))}\n`;
}

const curRow = {
  "identity/LineItemId": "a",
  "identity/TimeInterval": "2026-05-02T00:00:00Z/2026-05-03T00:00:00Z",
  "bill/InvoiceId": "",
  "bill/BillingEntity": "AWS",
  "bill/BillType": "Anniversary",
  "bill/PayerAccountId": "111111111111",
  "bill/BillingPeriodStartDate": "2026-05-01T00:00:00Z",
  "bill/BillingPeriodEndDate": "2026-06-01T00:00:00Z",
  "lineItem/UsageAccountId": "222222222222",
  "lineItem/LineItemType": "Usage",
  "lineItem/UsageStartDate": "2026-05-02T00:00:00Z",
  "lineItem/UsageEndDate": "2026-05-03T00:00:00Z",
  "lineItem/ProductCode": "AmazonEC2",
  "lineItem/UsageType": "EUW1-BoxUsage:m5.large",
  "lineItem/Operation": "RunInstances",
  "lineItem/ResourceId": "i-1",
  "lineItem/UsageAmount": "24",
  "lineItem/CurrencyCode": "USD",
  "lineItem/UnblendedRate": "0.1",
  "lineItem/UnblendedCost": "2.4",
  "lineItem/BlendedCost": "2.4",
  "lineItem/LineItemDescription": "An hour of a machine",
  "product/ProductName": "Amazon Elastic Compute Cloud",
  "product/region": "eu-west-1",
  "pricing/unit": "Hrs",
  "pricing/publicOnDemandCost": "2.4",
};
