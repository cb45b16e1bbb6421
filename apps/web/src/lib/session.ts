import type { Company } from "@finops/capabilities/companies/contract";
import type { SecondFactorNeed } from "@finops/capabilities/sign-in/contract";
import { useQuery } from "@tanstack/react-query";
import { request } from "./api.ts";
import { queryClient, sessionKey } from "./query-client.ts";

export type CompanyState = Company["state"];

interface SignedIn {
  signedIn: true;
  name: string;
  email: string;
  company: string;
  companyState: CompanyState;
  /** Why the company does not work as usual, as the operator said it; empty where nothing is to be said. */
  companyReason: string;
  role: string;
  permissions: string[];
  /** The person sees a part of the company's costs only, so every total is of that part. */
  isScoped: boolean;
  /** Over in any case by the first, and without use by the second; null where that does not count. */
  expiresAt: string;
  idleUntil: string | null;
  isRemembered: boolean;
  /** `show` and `enroll` have to be done before anything else. */
  secondFactor: SecondFactorNeed;
  /** It ran out while the page was open: the page stays as it is until the same person signs in again. */
  hasEnded?: boolean;
}

export type Session = { signedIn: false } | SignedIn;

/** Whether the server answers nothing but what an owner needs to take the company's data along. */
export function isShut({ companyState }: Pick<SignedIn, "companyState">): boolean {
  return companyState === "locked" || companyState === "leaving";
}

const waitingMs = 3000;

export function useSession() {
  return useQuery({
    queryKey: sessionKey,
    queryFn: async ({ signal }) => follow(await request<Session>("/api/session", { signal })),
    staleTime: 60_000,
    // Somebody signs in with a link, often in another tab: this one goes on by itself.
    refetchInterval: (query) => (hasEnded(query.state.data) ? waitingMs : false),
  });
}

/** Whether the person may do it; where not, the page says who can grant it instead of failing. */
export function useMay(permission: string): boolean {
  const { data } = useSession();
  return data?.signedIn === true && data.permissions.includes(permission);
}

/** What a new answer means beside the one before it. */
function follow(next: Session): Session {
  const before = queryClient.getQueryData<Session>(sessionKey);
  if (before?.signedIn !== true) return next;
  if (!next.signedIn) return { ...before, hasEnded: true };
  if (next.email !== before.email || next.company !== before.company) {
    // Nothing of one person's or company's may be seen by the next: the page begins anew.
    queryClient.clear();
    location.reload();
  } else if (hasEnded(before))
    void queryClient.invalidateQueries({ predicate: (query) => query.queryKey[0] !== sessionKey[0] });
  return next;
}

function hasEnded(session: Session | undefined): boolean {
  return session?.signedIn === true && session.hasEnded === true;
}
