import { requestOrApply } from "@finops/platform/approvals/request-or-apply";
import type { AppEnv } from "@finops/platform/http/app-env";
import { problemResponses } from "@finops/platform/http/problem";
import { body, gone, json } from "@finops/platform/http/route-parts";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { WaitingChange } from "../approvals/index.ts";
import { grantChange, groupMemberChange, memberChange, newRoleChange, roleChange } from "./changes.ts";
import {
  Grant,
  GrantInput,
  GrantPage,
  GrantsParameters,
  Group,
  GroupChange,
  GroupInput,
  GroupSummary,
  Member,
  MemberChange,
  MemberPage,
  MembersParameters,
  OwnProfile,
  OwnProfileChange,
  Role,
  RoleChange,
  RoleInput,
  RoleList,
  Unit,
  UnitAccounts,
  UnitChange,
  UnitInput,
  UnitMove,
  UnitMovesParameters,
} from "./contract.ts";
import { listGrants, revokeGrant } from "./grants.ts";
import { changeGroup, createGroup, deleteGroup, getGroup, listGroups, removeGroupMember } from "./groups.ts";
import { listMembers, removeMember } from "./members.ts";
import { changeOwnProfile } from "./own-name.ts";
import { deleteRole, listRoles } from "./roles.ts";
import { listUnitMoves } from "./unit-moves.ts";
import { changeUnit, createUnit, deleteUnit, listUnits, setUnitAccounts } from "./units.ts";

const waiting = json(WaitingChange, "It waits for somebody's approval");
const ById = z.object({ id: z.string() });
const ByKey = z.object({ key: z.string() });

const members = {
  list: createRoute({
    method: "get",
    path: "/members",
    summary: "Who belongs to the company",
    request: { query: MembersParameters },
    responses: { 200: json(MemberPage, "A page of people, by e-mail address"), ...problemResponses },
  }),
  change: createRoute({
    method: "patch",
    path: "/members/{id}",
    summary: "Change a person's role, the costs that it is limited to, or their unit",
    request: { params: ById, body: body(MemberChange) },
    responses: { 200: json(Member, "The person as they are now"), 202: waiting, ...problemResponses },
  }),
  remove: createRoute({
    method: "delete",
    path: "/members/{id}",
    summary: "Remove a person from the company",
    request: { params: ById },
    responses: gone("They do not belong to it any more"),
  }),
};

const groups = {
  list: createRoute({
    method: "get",
    path: "/groups",
    summary: "The company's groups",
    responses: { 200: json(z.object({ groups: z.array(GroupSummary) }), "By name"), ...problemResponses },
  }),
  create: createRoute({
    method: "post",
    path: "/groups",
    summary: "Make a group",
    request: { body: body(GroupInput) },
    responses: { 201: json(Group, "The group"), ...problemResponses },
  }),
  get: createRoute({
    method: "get",
    path: "/groups/{id}",
    summary: "A group with the people in it",
    request: { params: ById },
    responses: { 200: json(Group, "The group"), ...problemResponses },
  }),
  change: createRoute({
    method: "patch",
    path: "/groups/{id}",
    summary: "Rename a group",
    request: { params: ById, body: body(GroupChange) },
    responses: { 200: json(Group, "The group as it is now"), ...problemResponses },
  }),
  remove: createRoute({
    method: "delete",
    path: "/groups/{id}",
    summary: "Delete a group; what it was given ends",
    request: { params: ById },
    responses: gone("It is deleted"),
  }),
  addMember: createRoute({
    method: "put",
    path: "/groups/{id}/members/{personId}",
    summary: "Put a person into a group",
    request: { params: ById.extend({ personId: z.string() }) },
    responses: { 200: json(Group, "The group as it is now"), 202: waiting, ...problemResponses },
  }),
  removeMember: createRoute({
    method: "delete",
    path: "/groups/{id}/members/{personId}",
    summary: "Take a person out of a group",
    request: { params: ById.extend({ personId: z.string() }) },
    responses: gone("They are not in it any more"),
  }),
};

const roles = {
  list: createRoute({
    method: "get",
    path: "/roles",
    summary: "The company's roles, and everything that a role can allow",
    responses: { 200: json(RoleList, "Built-in roles first"), ...problemResponses },
  }),
  create: createRoute({
    method: "post",
    path: "/roles",
    summary: "Make a role of the company's own",
    request: { body: body(RoleInput) },
    responses: { 201: json(Role, "The role"), 202: waiting, ...problemResponses },
  }),
  change: createRoute({
    method: "patch",
    path: "/roles/{key}",
    summary: "Change a role of the company's own",
    request: { params: ByKey, body: body(RoleChange) },
    responses: { 200: json(Role, "The role as it is now"), 202: waiting, ...problemResponses },
  }),
  remove: createRoute({
    method: "delete",
    path: "/roles/{key}",
    summary: "Delete a role that nobody has",
    request: { params: ByKey },
    responses: gone("It is deleted"),
  }),
};

const grants = {
  list: createRoute({
    method: "get",
    path: "/grants",
    summary: "Roles that people, groups, keys and units were given beside what they have anyway",
    request: { query: GrantsParameters },
    responses: { 200: json(GrantPage, "A page of grants, the newest first"), ...problemResponses },
  }),
  give: createRoute({
    method: "post",
    path: "/grants",
    summary: "Give a role to a person, a group, a key or a unit's people: for a time, a unit, or a part of the costs",
    request: { body: body(GrantInput) },
    responses: { 201: json(Grant, "The grant"), 202: waiting, ...problemResponses },
  }),
  revoke: createRoute({
    method: "delete",
    path: "/grants/{id}",
    summary: "Revoke a grant",
    request: { params: ById },
    responses: gone("It gives nothing from the next request on"),
  }),
};

const units = {
  list: createRoute({
    method: "get",
    path: "/units",
    summary: "The organisation tree: departments, teams and cost centers",
    responses: { 200: json(z.object({ units: z.array(Unit) }), "By name"), ...problemResponses },
  }),
  create: createRoute({
    method: "post",
    path: "/units",
    summary: "Make a unit",
    request: { body: body(UnitInput) },
    responses: { 201: json(Unit, "The unit"), ...problemResponses },
  }),
  change: createRoute({
    method: "patch",
    path: "/units/{id}",
    summary: "Rename a unit, or move it with all below it",
    request: { params: ById, body: body(UnitChange) },
    responses: { 200: json(Unit, "The unit as it is now"), ...problemResponses },
  }),
  setAccounts: createRoute({
    method: "put",
    path: "/units/{id}/accounts",
    summary: "Say which accounts' costs are a unit's",
    request: { params: ById, body: body(UnitAccounts) },
    responses: { 200: json(Unit, "The unit as it is now"), ...problemResponses },
  }),
  moves: createRoute({
    method: "get",
    path: "/unit-moves",
    summary: "Who went from which unit to which",
    request: { query: UnitMovesParameters },
    responses: { 200: json(z.object({ moves: z.array(UnitMove) }), "The newest first"), ...problemResponses },
  }),
  remove: createRoute({
    method: "delete",
    path: "/units/{id}",
    summary: "Delete an empty unit",
    request: { params: ById },
    responses: gone("It is deleted"),
  }),
};

const own = createRoute({
  method: "patch",
  path: "/me",
  tags: ["People"],
  summary: "Change what one is called, in every company that one belongs to",
  request: { body: body(OwnProfileChange) },
  responses: { 200: json(OwnProfile, "Who one is now"), ...problemResponses },
});

export function peopleRoutes(): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>();
  app
    .openapi(own, async (c) => c.json(await changeOwnProfile(c.var.ctx, c.req.valid("json")), 200))
    .openapi(members.list, async (c) => c.json(await listMembers(c.var.ctx, c.req.valid("query")), 200))
    .openapi(members.change, async (c) => {
      const made = await requestOrApply(c.var.ctx, memberChange, {
        person: c.req.valid("param").id,
        change: c.req.valid("json"),
      });
      return made.isApplied ? c.json(made.result, 200) : c.json({ request: made.request }, 202);
    })
    .openapi(members.remove, async (c) => {
      await removeMember(c.var.ctx, c.req.valid("param").id);
      return c.body(null, 204);
    });
  app
    .openapi(groups.list, async (c) => c.json({ groups: await listGroups(c.var.ctx) }, 200))
    .openapi(groups.create, async (c) => c.json(await createGroup(c.var.ctx, c.req.valid("json")), 201))
    .openapi(groups.get, async (c) => c.json(await getGroup(c.var.ctx, c.req.valid("param").id), 200))
    .openapi(groups.change, async (c) =>
      c.json(await changeGroup(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .openapi(groups.remove, async (c) => {
      await deleteGroup(c.var.ctx, c.req.valid("param").id);
      return c.body(null, 204);
    })
    .openapi(groups.addMember, async (c) => {
      const made = await requestOrApply(c.var.ctx, groupMemberChange, {
        group: c.req.valid("param").id,
        person: c.req.valid("param").personId,
      });
      return made.isApplied ? c.json(made.result, 200) : c.json({ request: made.request }, 202);
    })
    .openapi(groups.removeMember, async (c) => {
      const { id, personId } = c.req.valid("param");
      await removeGroupMember(c.var.ctx, id, personId);
      return c.body(null, 204);
    });
  app
    .openapi(roles.list, async (c) => c.json(await listRoles(c.var.ctx), 200))
    .openapi(roles.create, async (c) => {
      const made = await requestOrApply(c.var.ctx, newRoleChange, c.req.valid("json"));
      return made.isApplied ? c.json(made.result, 201) : c.json({ request: made.request }, 202);
    })
    .openapi(roles.change, async (c) => {
      const made = await requestOrApply(c.var.ctx, roleChange, {
        key: c.req.valid("param").key,
        change: c.req.valid("json"),
      });
      return made.isApplied ? c.json(made.result, 200) : c.json({ request: made.request }, 202);
    })
    .openapi(roles.remove, async (c) => {
      await deleteRole(c.var.ctx, c.req.valid("param").key);
      return c.body(null, 204);
    });
  app
    .openapi(grants.list, async (c) => c.json(await listGrants(c.var.ctx, c.req.valid("query")), 200))
    .openapi(grants.give, async (c) => {
      const made = await requestOrApply(c.var.ctx, grantChange, c.req.valid("json"));
      return made.isApplied ? c.json(made.result, 201) : c.json({ request: made.request }, 202);
    })
    .openapi(grants.revoke, async (c) => {
      await revokeGrant(c.var.ctx, c.req.valid("param").id);
      return c.body(null, 204);
    });
  app
    .openapi(units.list, async (c) => c.json({ units: await listUnits(c.var.ctx) }, 200))
    .openapi(units.create, async (c) => c.json(await createUnit(c.var.ctx, c.req.valid("json")), 201))
    .openapi(units.change, async (c) =>
      c.json(await changeUnit(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .openapi(units.setAccounts, async (c) =>
      c.json(await setUnitAccounts(c.var.ctx, c.req.valid("param").id, c.req.valid("json")), 200),
    )
    .openapi(units.moves, async (c) => c.json({ moves: await listUnitMoves(c.var.ctx, c.req.valid("query")) }, 200))
    .openapi(units.remove, async (c) => {
      await deleteUnit(c.var.ctx, c.req.valid("param").id);
      return c.body(null, 204);
    });
  return app;
}
