export { companyChanges, companyPolicies } from "./changes.ts";
export { companyExportPool } from "./company-exports.ts";
export { DemoDataPayload } from "./onboarding.ts";
export { createCompanyOf, toSummary } from "./operator.ts";
export { proveDomainsAgain } from "./prove-domains.ts";
export { companyRoutes, myCompanyRoutes } from "./routes.ts";
