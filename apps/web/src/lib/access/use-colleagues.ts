import type { Member } from "@finops/capabilities/people/contract";
import { useQuery } from "@tanstack/react-query";
import { membersQuery } from "../people-queries.ts";
import { useSession } from "../session.ts";

/** Everybody but oneself: nobody gives access to themselves. */
export function useColleagues(): Member[] {
  const { data: members } = useQuery(membersQuery);
  const session = useSession();
  const me = session.data?.signedIn === true ? session.data.email : null;
  return (members ?? []).filter(({ email }) => email !== me);
}
