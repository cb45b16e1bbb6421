import type { Company, MyCompanies, Onboarding, SwitchAnswer } from "@finops/capabilities/companies/contract";
import { queryOptions, useMutation } from "@tanstack/react-query";
import { request } from "./api.ts";
import { useToasts } from "./toasts.tsx";

export const companyQuery = queryOptions({
  queryKey: ["company"],
  queryFn: ({ signal }) => request<Company>("/api/v1/company", { signal }),
});

/** Those that the person belongs to. */
export const myCompaniesQuery = queryOptions({
  queryKey: ["companies"],
  queryFn: ({ signal }) => request<MyCompanies>("/api/companies", { signal }),
  staleTime: 5 * 60_000,
});

/** Asked for again while demo data is on its way. */
export const onboardingQuery = queryOptions({
  queryKey: ["company", "onboarding"],
  queryFn: ({ signal }) => request<Onboarding>("/api/v1/company/onboarding", { signal }),
  refetchInterval: (query) => (isDemoComing(query.state.data) ? 2000 : false),
});

export function isDemoComing(onboarding: Onboarding | undefined): boolean {
  const state = onboarding?.demoData?.state;
  return state === "queued" || state === "running";
}

/** Goes on in another of one's companies, where this browser is signed in by it. */
export function useSwitchCompany() {
  const tell = useToasts((toasts) => toasts.show);
  return useMutation({
    mutationFn: (company: string) =>
      request<SwitchAnswer>("/api/companies/switch", { method: "POST", body: { company } }),
    onSuccess: ({ url }) => location.assign(url),
    onError: (error) => tell({ id: "switch", tone: "error", title: "You stay here.", body: error.message }),
  });
}
