export { createBillReader } from "./engine-bill-reader.ts";
export { importJob, reprocessJob } from "./jobs.ts";
