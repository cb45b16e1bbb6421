import type { Membership, User } from "@finops/platform/db/generated/client";

/** What a person calls themselves, or what the company calls them until they accept its invitation. */
export function nameOf({ name, acceptedAt, user }: Membership & { user: Pick<User, "name"> }): string {
  return acceptedAt === null ? name : user.name || name;
}
