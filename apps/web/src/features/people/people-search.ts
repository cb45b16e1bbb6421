import * as z from "zod";

const text = (lengthMax: number) =>
  // A router reads `12` and `true` as what they are in JSON.
  z
    .union([z.string(), z.number(), z.boolean()])
    .transform(String)
    .pipe(z.string().max(lengthMax))
    .optional()
    .catch(undefined);
const id = z.string().max(60).optional().catch(undefined);

/** What the list of people shows, and whose panel stands beside it. */
const PeopleSearch = z.object({
  find: text(200),
  role: id,
  unit: id,
  group: id,
  costs: z.enum(["all", "part"]).optional().catch(undefined),
  person: id,
  invite: z.literal("yes").optional().catch(undefined),
});
export type PeopleSearch = z.infer<typeof PeopleSearch>;

const GroupsSearch = z.object({ find: text(200), group: id });
export type GroupsSearch = z.infer<typeof GroupsSearch>;

const GrantsSearch = z.object({
  find: text(200),
  state: z.enum(["delegated", "all"]).optional().catch(undefined),
  /** A form to give access stands beside the list: to whom, or `somebody`. */
  give: z.string().max(80).optional().catch(undefined),
});
export type GrantsSearch = z.infer<typeof GrantsSearch>;

const WhoCanSearch = z.object({ permission: z.string().max(60).optional().catch(undefined) });
export type WhoCanSearch = z.infer<typeof WhoCanSearch>;

/** `from` is the role that a new one starts from; `rule` opens the form of a new rule by attribute. */
const RolesSearch = z.object({ role: id, from: id, rule: z.literal("new").optional().catch(undefined) });
export type RolesSearch = z.infer<typeof RolesSearch>;

const OrganisationSearch = z.object({ find: text(200), unit: id });
export type OrganisationSearch = z.infer<typeof OrganisationSearch>;

export const readPeopleSearch = (search: unknown): PeopleSearch => given(PeopleSearch.parse(search));
export const readGroupsSearch = (search: unknown): GroupsSearch => given(GroupsSearch.parse(search));
export const readGrantsSearch = (search: unknown): GrantsSearch => given(GrantsSearch.parse(search));
export const readWhoCanSearch = (search: unknown): WhoCanSearch => given(WhoCanSearch.parse(search));
export const readRolesSearch = (search: unknown): RolesSearch => given(RolesSearch.parse(search));
export const readOrganisationSearch = (search: unknown): OrganisationSearch => given(OrganisationSearch.parse(search));

function given<T extends object>(search: T): T {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T;
}
