import type { InvitationList } from "@finops/capabilities/companies/contract";
import type {
  AccessPreview,
  AccessRule,
  Grant,
  GrantPage,
  Group,
  GroupSummary,
  Member,
  MemberPage,
  PreviewInput,
  RoleList,
  Unit,
  WhatCan,
  WhoCan,
} from "@finops/capabilities/people/contract";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { request } from "./api.ts";

/** All that is read of people stands under this key: what one is given changes what others are shown. */
export const peopleKey = ["people"];

/** Everybody of the company, by e-mail address. */
export const membersQuery = queryOptions({
  queryKey: [...peopleKey, "members"],
  queryFn: ({ signal }) =>
    readPages(async (cursor) => {
      const page = await request<MemberPage>(`/api/v1/members?limit=500${cursor}`, { signal });
      return { items: page.members, nextCursor: page.nextCursor };
    }),
});

/** Who was invited, the newest first. */
export const invitationsQuery = queryOptions({
  queryKey: [...peopleKey, "invitations"],
  queryFn: async ({ signal }) => (await request<InvitationList>("/api/v1/invitations", { signal })).invitations,
});

export const rolesQuery = queryOptions({
  queryKey: [...peopleKey, "roles"],
  queryFn: ({ signal }) => request<RoleList>("/api/v1/roles", { signal }),
});

export const groupsQuery = queryOptions({
  queryKey: [...peopleKey, "groups"],
  queryFn: async ({ signal }) => (await request<{ groups: GroupSummary[] }>("/api/v1/groups", { signal })).groups,
});

export function groupQuery(id: string) {
  return queryOptions({
    queryKey: [...peopleKey, "group", id],
    queryFn: ({ signal }) => request<Group>(`/api/v1/groups/${encodeURIComponent(id)}`, { signal }),
  });
}

export const unitsQuery = queryOptions({
  queryKey: [...peopleKey, "units"],
  queryFn: async ({ signal }) => (await request<{ units: Unit[] }>("/api/v1/units", { signal })).units,
});

/** The newest first; `subject` is a person, a group or a key, null is all of them. */
export function grantsQuery(subject: string | null, state: "open" | "all") {
  const of = subject === null ? "" : `&subject=${encodeURIComponent(subject)}`;
  return queryOptions({
    queryKey: [...peopleKey, "grants", subject, state],
    queryFn: ({ signal }) =>
      readPages(async (cursor): Promise<PageOf<Grant>> => {
        const page = await request<GrantPage>(`/api/v1/grants?limit=500&state=${state}${of}${cursor}`, { signal });
        return { items: page.grants, nextCursor: page.nextCursor };
      }),
  });
}

/** What one delegates at the moment, and what is delegated to one, the newest first. */
export const delegationsQuery = queryOptions({
  queryKey: [...peopleKey, "delegations"],
  queryFn: ({ signal }) => request<{ given: Grant[]; received: Grant[] }>("/api/v1/delegations", { signal }),
});

/** The rules that give something by an attribute, by name. */
export const accessRulesQuery = queryOptions({
  queryKey: [...peopleKey, "access-rules"],
  queryFn: async ({ signal }) => (await request<{ rules: AccessRule[] }>("/api/v1/access-rules", { signal })).rules,
});

export function whoCanQuery(permission: string) {
  return queryOptions({
    queryKey: [...peopleKey, "who-can", permission],
    queryFn: ({ signal }) =>
      request<WhoCan>(`/api/v1/access/who-can?permission=${encodeURIComponent(permission)}`, { signal }),
  });
}

export function whatCanQuery(person: string) {
  return queryOptions({
    queryKey: [...peopleKey, "what-can", person],
    queryFn: ({ signal }) =>
      request<WhatCan>(`/api/v1/access/what-can?person=${encodeURIComponent(person)}`, { signal }),
  });
}

/** What somebody may do and sees now, and with what is tried; nothing of it is kept. */
export function accessPreviewQuery(trial: PreviewInput) {
  return queryOptions({
    queryKey: [...peopleKey, "preview", trial],
    queryFn: ({ signal }) => request<AccessPreview>("/api/v1/access/preview", { method: "POST", body: trial, signal }),
    placeholderData: keepPreviousData,
  });
}

interface PageOf<Item> {
  items: readonly Item[];
  nextCursor: string | null;
}

/** A list is searched and sorted as a whole, so it is read to its end. */
async function readPages<Item>(read: (cursor: string) => Promise<PageOf<Item>>): Promise<Item[]> {
  const all: Item[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const page: PageOf<Item> = await read(cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`);
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return all;
}

export function personName({ name, email }: Pick<Member, "name" | "email">): string {
  return name === "" ? email : name;
}
