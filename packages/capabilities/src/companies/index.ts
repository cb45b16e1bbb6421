export { companyExportJob, companyExportPool } from "./company-exports.ts";
export { DemoDataPayload } from "./onboarding.ts";
export { createCompanyOf, toSummary } from "./operator.ts";
export { type RemovalParts, removeCompany, removeDueCompanies } from "./remove-company.ts";
export { companyRoutes, myCompanyRoutes } from "./routes.ts";
