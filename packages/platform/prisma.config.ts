// For Prisma's own command, such as `prisma migrate status`; the program applies migrations by src/db/migrate.ts.
import { defineConfig } from "prisma/config";

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  // Generating needs no database.
  ...(process.env.FINOPS_OWNER_URL && { datasource: { url: process.env.FINOPS_OWNER_URL } }),
});
