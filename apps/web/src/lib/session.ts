import { useQuery } from "@tanstack/react-query";
import { request } from "./api.ts";
import { sessionKey } from "./query-client.ts";

export type Session =
  | { signedIn: false }
  | {
      signedIn: true;
      name: string;
      email: string;
      company: string;
      role: string;
      permissions: string[];
      expiresAt: string;
    };

export function useSession() {
  return useQuery({
    queryKey: sessionKey,
    queryFn: ({ signal }) => request<Session>("/api/session", { signal }),
    staleTime: 60_000,
  });
}

/** Whether the person may do it; where not, the page says who can grant it instead of failing. */
export function useMay(permission: string): boolean {
  const { data } = useSession();
  return data?.signedIn === true && data.permissions.includes(permission);
}
