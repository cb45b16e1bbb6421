import type { CsvDefinitionInput } from "./definition.ts";

/**
 * Cost exports of SaaS and AI vendors, by their own column names. Where a column came later or depends on the plan, it is
 * optional. Columns that no FOCUS column takes are kept as extras.
 */
export const vendorDefinitions: Readonly<Record<string, CsvDefinitionInput>> = {
  // Platform dashboard, Usage, Cost tab, Export: one row for each day, project and line item.
  "openai-cost": {
    name: "OpenAI cost export",
    provider: "OpenAI",
    recognisedBy: ["start_time_iso", "amount_value", "amount_currency", "line_item"],
    columns: {
      BilledCost: "amount_value",
      BillingCurrency: "amount_currency",
      ChargePeriodStart: "start_time_iso",
      ChargePeriodEnd: { column: "end_time_iso", optional: true },
      ChargeDescription: "line_item",
      SkuMeter: "line_item",
      ConsumedQuantity: { column: "quantity", optional: true },
      ConsumedUnit: { column: "quantity_unit", optional: true },
      ServiceName: { value: "OpenAI API" },
      ServiceSubcategory: { value: "Generative AI" },
      BillingAccountId: { column: "organization_id", otherwise: "OpenAI", optional: true },
      BillingAccountName: { column: "organization_name", optional: true },
      SubAccountId: { column: "project_id", optional: true },
      SubAccountName: { column: "project_name", optional: true },
      SubAccountType: { value: "Project" },
      ResourceId: { column: "api_key_id", optional: true },
    },
    skip: [
      {
        rule: "day-without-cost",
        column: "amount_value",
        values: [""],
        because: "The export has a row without an amount for a day on which nothing was used.",
      },
    ],
  },

  // Console, Cost, Export: one row for each day, model, workspace, key and kind of token.
  "anthropic-cost": {
    name: "Anthropic cost export",
    provider: "Anthropic",
    currency: "USD",
    recognisedBy: ["usage_date_utc", "cost_usd", "workspace", "token_type"],
    columns: {
      BilledCost: "cost_usd",
      ListCost: { column: "list_price_usd", optional: true },
      ChargePeriodStart: "usage_date_utc",
      ChargeDescription: { column: "model", optional: true },
      SkuId: { column: "model", optional: true },
      SkuMeter: "token_type",
      ServiceName: { value: "Claude API" },
      ServiceSubcategory: { value: "Generative AI" },
      SubAccountId: "workspace",
      SubAccountName: "workspace",
      SubAccountType: { value: "Workspace" },
      ResourceId: { column: ["api_key_id", "api_key"], optional: true },
      ResourceName: { column: "api_key", optional: true },
      RegionId: { column: "inference_geo", optional: true },
    },
  },

  // Usage metering API, historical or estimated cost, one row for each charge. Names are those of the API.
  "datadog-cost": {
    name: "Datadog cost by organization",
    provider: "Datadog",
    currency: "USD",
    recognisedBy: ["org_name", "product_name", "charge_type", "cost", "date"],
    columns: {
      BilledCost: "cost",
      BillingPeriodStart: "date",
      ChargeDescription: "product_name",
      SkuMeter: "product_name",
      PricingCategory: { column: "charge_type", values: { committed: "Committed", on_demand: "Standard" } },
      ServiceSubcategory: { value: "Observability" },
      SubAccountId: { column: ["public_id", "org_name"] },
      SubAccountName: "org_name",
      SubAccountType: { value: "Organization" },
    },
    skip: [
      {
        rule: "total-of-charges",
        column: "charge_type",
        values: ["total"],
        because: "A total repeats the committed and on-demand charges of the same product.",
      },
    ],
  },

  // ORGANIZATION_USAGE.USAGE_IN_CURRENCY_DAILY, downloaded as CSV or unloaded as parquet.
  "snowflake-usage-in-currency": {
    name: "Snowflake usage in currency",
    provider: "Snowflake",
    recognisedBy: ["USAGE_DATE", "USAGE_IN_CURRENCY", "CONTRACT_NUMBER", "ACCOUNT_LOCATOR"],
    columns: {
      BilledCost: "USAGE_IN_CURRENCY",
      BillingCurrency: "CURRENCY",
      ChargePeriodStart: "USAGE_DATE",
      ChargeCategory: {
        column: "BILLING_TYPE",
        values: {
          rebate: "Credit",
          support_credit: "Credit",
          "priority support": "Purchase",
          vps_deployment_fee: "Purchase",
        },
        otherwise: "Usage",
        optional: true,
      },
      ChargeDescription: { column: ["SERVICE_TYPE", "USAGE_TYPE"], optional: true },
      SkuMeter: { column: ["SERVICE_TYPE", "USAGE_TYPE"], optional: true },
      ConsumedQuantity: { column: "USAGE", optional: true },
      ServiceSubcategory: { value: "Data Warehouses" },
      BillingAccountId: "CONTRACT_NUMBER",
      BillingAccountName: { column: "ORGANIZATION_NAME", optional: true },
      SubAccountId: "ACCOUNT_LOCATOR",
      SubAccountName: { column: "ACCOUNT_NAME", optional: true },
      SubAccountType: { value: "Account" },
      RegionId: { column: "REGION", optional: true },
    },
  },

  // Organization, Billing, an invoice, CSV. The lines above the table of charges have to be taken off first.
  "mongodb-atlas-invoice": {
    name: "MongoDB Atlas invoice",
    provider: "MongoDB",
    recognisedBy: ["Usage Date", "SKU", "Project", "Cluster", "Amount"],
    columns: {
      BilledCost: "Amount",
      ChargePeriodStart: { column: "Usage Date", format: "%m/%d/%Y" },
      ChargeCategory: { column: "SKU", values: { Credit: "Credit" }, otherwise: "Usage" },
      ChargeDescription: { column: ["Description", "SKU"] },
      SkuId: "SKU",
      SkuMeter: "SKU",
      ConsumedQuantity: { column: "Quantity", optional: true },
      ConsumedUnit: { column: "Unit", optional: true },
      ContractedUnitPrice: { column: "Unit Price", optional: true },
      ServiceName: { value: "MongoDB Atlas" },
      ServiceSubcategory: { value: "NoSQL Databases" },
      BillingAccountId: { column: "Organization ID", otherwise: "MongoDB", optional: true },
      BillingAccountName: { column: "Organization Name", optional: true },
      SubAccountId: "Project",
      SubAccountName: "Project",
      SubAccountType: { value: "Project" },
      ResourceId: "Cluster",
      ResourceName: "Cluster",
      ResourceType: { value: "Cluster" },
    },
  },

  // Enterprise or organization, Billing and licensing, Usage, Get usage report.
  "github-usage-report": {
    name: "GitHub usage report",
    provider: "GitHub",
    currency: "USD",
    recognisedBy: ["date", "product", "sku", "unit_type", "applied_cost_per_quantity", "gross_amount", "net_amount"],
    columns: {
      BilledCost: "net_amount",
      ListCost: "gross_amount",
      ListUnitPrice: "applied_cost_per_quantity",
      PricingQuantity: "quantity",
      PricingUnit: "unit_type",
      ConsumedQuantity: "quantity",
      ConsumedUnit: "unit_type",
      PricingCategory: { value: "Standard" },
      ChargePeriodStart: "date",
      ChargeDescription: "sku",
      SkuId: "sku",
      SkuMeter: "sku",
      ServiceName: "product",
      ServiceSubcategory: {
        column: "product",
        values: {
          actions: "Continuous Integration and Deployment",
          codespaces: "Development Environments",
          git_lfs: "Source Code Management",
        },
        otherwise: "Developer Platforms",
      },
      ServiceCategory: { value: "Developer Tools" },
      SubAccountId: { column: ["organization", "username"], optional: true },
      SubAccountName: { column: ["organization", "username"], optional: true },
      SubAccountType: { value: "Organization" },
      ResourceId: { column: "repository", optional: true },
      ResourceType: { value: "Repository" },
      Tags: { columns: ["cost_center_name", "username", "model"] },
    },
  },
};
