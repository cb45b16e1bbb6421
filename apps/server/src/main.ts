import { AppError, errorStatus } from "@finops/kernel/app-error";
import { runServer } from "./run-server.ts";

runServer({ port: Number(process.env.PORT ?? 3000), dataDir: process.env.FINOPS_DATA ?? "./data" }).catch(
  (error: unknown) => {
    console.error(error instanceof AppError ? error.message : error);
    process.exit(error instanceof AppError ? errorStatus[error.code].exit : 1);
  },
);
