import type { SubdomainAnswer } from "@finops/capabilities/companies/contract";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { request } from "./api.ts";

const waitMs = 300;

/** Why a company could not have a subdomain, asked once typing rests; null where it could, or it is its own. */
export function useSubdomainFault(subdomain: string, own: string | null): string | null {
  const [asked, setAsked] = useState(subdomain);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(subdomain), waitMs);
    return () => clearTimeout(timer);
  }, [subdomain]);
  const { data } = useQuery({
    queryKey: ["subdomain", asked],
    queryFn: ({ signal }) =>
      request<SubdomainAnswer>(`/api/companies/subdomain?${new URLSearchParams({ subdomain: asked })}`, { signal }),
    enabled: asked !== "" && asked !== own,
  });
  return data?.subdomain === subdomain && subdomain !== own ? data.reason : null;
}
