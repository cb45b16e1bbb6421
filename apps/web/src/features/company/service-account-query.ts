import type { ServiceAccountList } from "@finops/capabilities/keys/contract";
import { queryOptions } from "@tanstack/react-query";
import { request } from "../../lib/api.ts";

export const serviceAccountsPath = "/api/v1/service-accounts";

export const serviceAccountsQuery = queryOptions({
  queryKey: ["service-accounts"],
  queryFn: async ({ signal }) => (await request<ServiceAccountList>(serviceAccountsPath, { signal })).accounts,
});
