import { newId } from "@finops/kernel/id";
import { builtInRoles, type BuiltInRole } from "@finops/platform/access/permissions";
import { ensureUser, setMember } from "@finops/platform/identity/users";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import { createTenant, type Tenant } from "@finops/platform/tenancy/tenants";
import { createTestDatabase, type TestDatabase } from "@finops/platform/testing/test-database";
import { createTestHost } from "@finops/platform/testing/test-host";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CostView } from "../views/contract.ts";
import type { Tile } from "./contract.ts";
import {
  changeDashboard,
  createDashboard,
  deleteDashboard,
  getDashboard,
  getDashboardVersion,
  listDashboards,
  listDashboardVersions,
  restoreDashboard,
} from "./service.ts";
import { dashboardTemplates } from "./templates.ts";

let test: TestDatabase;
let acme: Tenant;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

async function person(tenant: Tenant, role: BuiltInRole): Promise<Context> {
  const name = `${role} ${newId().slice(-6)}`;
  const id = await ensureUser(test.db, { email: `${newId()}@acme.example`, name });
  await setMember(test.db, tenant.id, id, role);
  return createContext(createTestHost({ db: test.db }), {
    tenantId: tenant.id,
    actor: { kind: "person", id, name },
    via: "page",
    permissions: builtInRoles[role].permissions,
  });
}

const company = () => createTenant(test.db, { slug: `c${newId().replaceAll("-", "")}`, name: "Company" });
const text = (id: string, words: string): Tile => ({
  id,
  kind: "text",
  text: words,
  place: { x: 0, y: 0, w: 4, h: 2 },
});

let [ann, viewer, bob]: Context[] = [];
beforeEach(async () => {
  acme = await company();
  [ann, viewer, bob] = [await person(acme, "finops"), await person(acme, "viewer"), await person(acme, "finops")];
});

describe("a dashboard", () => {
  it("is made of a template, with every tile on its place", async () => {
    const made = await createDashboard(viewer!, { template: "finops" });
    expect(made).toMatchObject({ name: "FinOps lead", version: 1, sharing: { with: "nobody" }, mayChange: true });
    expect(made.tiles).toEqual(expect.arrayContaining([...dashboardTemplates[0]!.tiles]));
    expect(await getDashboard(viewer!, made.id)).toEqual(made);
  });

  it("is seen by nobody else until it is shared", async () => {
    const { id } = await createDashboard(ann!, { name: "Mine" });
    await expect(getDashboard(bob!, id)).rejects.toMatchObject({ code: "not_found" });
    expect(await listDashboards(viewer!)).toEqual([]);
    await changeDashboard(ann!, id, { version: 1, sharing: { with: "company" } });
    expect(await listDashboards(viewer!)).toMatchObject([{ name: "Mine", mayChange: false }]);
  });

  it("is shown to those who have the role, and changed by those of them who may share", async () => {
    const { id } = await createDashboard(ann!, { name: "Cloud", sharing: { with: "roles", roles: ["analyst"] } });
    expect(await getDashboard(bob!, id)).toMatchObject({ mayChange: true });
    await expect(getDashboard(viewer!, id)).rejects.toMatchObject({ code: "not_found" });
  });

  it("is not shared by who may not, and a shared one not changed", async () => {
    await expect(createDashboard(viewer!, { sharing: { with: "company" } })).rejects.toMatchObject({
      code: "forbidden",
    });
    const { id } = await createDashboard(ann!, { sharing: { with: "company" } });
    await expect(changeDashboard(viewer!, id, { version: 1, name: "Taken" })).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(deleteDashboard(viewer!, id)).rejects.toMatchObject({ code: "forbidden" });
  });

  it("tells the second of two changes who was faster", async () => {
    const { id } = await createDashboard(ann!, { name: "Cloud", sharing: { with: "company" } });
    await changeDashboard(bob!, id, { version: 1, name: "Clouds" });
    await expect(changeDashboard(ann!, id, { version: 1, name: "Sky" })).rejects.toMatchObject({
      code: "conflict",
      message: `${bob!.actor.name} changed "Clouds" after you opened it. Load the new version, or keep yours as a copy.`,
    });
  });

  it("keeps one of two changes that come at the same moment", async () => {
    const { id } = await createDashboard(ann!, { name: "Cloud" });
    const both = await Promise.allSettled(
      ["Left", "Right"].map((name) => changeDashboard(ann!, id, { version: 1, name })),
    );
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });

  it("lays its tiles out anew when they overlap, and refuses two of one id", async () => {
    const { id } = await createDashboard(ann!, {});
    const { tiles } = await changeDashboard(ann!, id, { version: 1, tiles: [text("a", "A"), text("b", "B")] });
    expect(tiles.map(({ id: tile, place }) => [tile, place.y])).toEqual([
      ["a", 0],
      ["b", 2],
    ]);
    await expect(changeDashboard(ann!, id, { version: 2, tiles: [text("a", "A"), text("a", "B")] })).rejects.toThrow(
      "Two tiles have the same id.",
    );
  });

  it("brings an earlier version back as the newest, and keeps all of them", async () => {
    const { id } = await createDashboard(ann!, { tiles: [text("a", "First")] });
    await changeDashboard(ann!, id, { version: 1, tiles: [] });
    expect(await getDashboardVersion(ann!, id, 1)).toMatchObject({ version: 1, tiles: [{ text: "First" }] });
    const restored = await restoreDashboard(ann!, id, { version: 1, on: 2 });
    expect(restored).toMatchObject({ version: 3, tiles: [{ text: "First" }] });
    expect((await listDashboardVersions(ann!, id)).map(({ version }) => version)).toEqual([3, 2, 1]);
    await expect(restoreDashboard(ann!, id, { version: 9, on: 3 })).rejects.toMatchObject({ code: "not_found" });
  });

  it("is gone when it is deleted", async () => {
    const { id } = await createDashboard(ann!, {});
    await deleteDashboard(ann!, id);
    await expect(getDashboard(ann!, id)).rejects.toMatchObject({ code: "not_found" });
  });

  it("of another company does not exist, whatever is known of it", async () => {
    const { id } = await createDashboard(ann!, { sharing: { with: "company" } });
    const stranger = await person(await company(), "owner");
    for (const attempt of [
      () => getDashboard(stranger, id),
      () => deleteDashboard(stranger, id),
      () => listDashboardVersions(stranger, id),
      () => getDashboardVersion(stranger, id, 1),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: "not_found" });
  });

  it("needs a template that there is", async () => {
    await expect(createDashboard(ann!, { template: "poet" })).rejects.toMatchObject({ code: "invalid" });
  });

  it("leaves a line in the audit with each change", async () => {
    const { id } = await createDashboard(ann!, { name: "Cloud" });
    await changeDashboard(ann!, id, { version: 1, name: "Clouds" });
    await deleteDashboard(ann!, id);
    const entries = await ann!.inTenant((tx) => tx.auditEntry.findMany({ orderBy: { at: "asc" } }));
    expect(entries.map(({ action }) => action)).toEqual([
      "dashboard.created",
      "dashboard.changed",
      "dashboard.deleted",
    ]);
  });
});

it("has a template for each kind of reader, made of views that the explorer can open", () => {
  expect(dashboardTemplates.map(({ key }) => key)).toEqual(["finops", "engineer", "finance", "leader"]);
  for (const tile of dashboardTemplates.flatMap(({ tiles }) => tiles))
    if (tile.kind === "view") expect(CostView.parse(tile.view)).toEqual(tile.view);
});
