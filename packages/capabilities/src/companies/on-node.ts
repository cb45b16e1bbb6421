export { companyExportJob, removeCompany, removeDueCompanies } from "./jobs.ts";
