import { newId } from "@finops/kernel/id";
import { allPermissions, builtInRoles } from "@finops/platform/access/permissions";
import { type Context, createContext } from "@finops/platform/tenancy/context";
import { createTenant } from "@finops/platform/tenancy/tenants";
import { createTestDatabase, type TestDatabase } from "@finops/platform/testing/test-database";
import { createTestHost } from "@finops/platform/testing/test-host";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CostView, repairView } from "./contract.ts";
import { copyName } from "./saved-view.ts";
import {
  createView,
  deleteView,
  duplicateView,
  getView,
  listViews,
  listViewVersions,
  setViewPreference,
  updateView,
} from "./service.ts";

let test: TestDatabase;
let companies = 0;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

/** A company with a FinOps practitioner, who may share, and a viewer, who may not. */
async function company(): Promise<{ ann: Context; vic: Context }> {
  companies += 1;
  const { id: tenantId } = await createTenant(test.db, { slug: `acme-${companies}`, name: "Acme" });
  const host = createTestHost({ db: test.db });
  const person = (name: string, permissions: readonly string[]) =>
    createContext(host, { tenantId, actor: { kind: "person", id: newId(), name }, via: "page", permissions });
  return { ann: person("Ann", builtInRoles.finops.permissions), vic: person("Vic", builtInRoles.viewer.permissions) };
}

const byTeam = CostView.parse({ groupBy: ["tag:team"], period: { preset: "last-month" } });

describe("a private view", () => {
  it("is kept by anybody who sees costs, and does not exist for others", async () => {
    const { ann, vic } = await company();
    const kept = await createView(vic, { name: "  My teams ", view: byTeam });
    expect(kept).toMatchObject({
      name: "My teams",
      view: byTeam,
      visibility: "private",
      version: 1,
      owner: { name: "Vic" },
      mayChange: true,
      isPinned: false,
    });
    expect(await listViews(ann)).toEqual([]);
    for (const ask of [
      () => getView(ann, kept.id),
      () => deleteView(ann, kept.id, 1),
      () => setViewPreference(ann, kept.id, {}),
    ])
      await expect(ask()).rejects.toMatchObject({ code: "not_found" });
    expect((await listViews(vic)).map((view) => view.name)).toEqual(["My teams"]);
  });

  it("needs the permission to see costs", async () => {
    const { vic } = await company();
    const nobody = { ...vic, permissions: new Set<string>() };
    for (const ask of [() => listViews(nobody), () => createView(nobody, { name: "x", view: byTeam })])
      await expect(ask()).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("a shared view", () => {
  it("is seen by everybody of the company and changed by who may share", async () => {
    const { ann, vic } = await company();
    const shared = await createView(ann, { name: "Teams", view: byTeam, visibility: "company" });
    expect(await getView(vic, shared.id)).toMatchObject({ name: "Teams", mayChange: false });
    await expect(updateView(vic, shared.id, { version: 1, name: "Mine" })).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining('needs the permission "views:write"'),
    });
    await expect(createView(vic, { name: "Teams", view: byTeam, visibility: "company" })).rejects.toMatchObject({
      code: "forbidden",
    });
  });

  it("is taken back from the company by its maker only", async () => {
    const { ann, vic } = await company();
    const bob = { ...vic, permissions: new Set<string>(allPermissions) };
    const shared = await createView(ann, { name: "Teams", view: byTeam, visibility: "company" });
    await expect(updateView(bob, shared.id, { version: 1, visibility: "private" })).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("Only who made a view"),
    });
    expect(await updateView(ann, shared.id, { version: 1, visibility: "private" })).toMatchObject({ version: 2 });
    await expect(getView(bob, shared.id)).rejects.toMatchObject({ code: "not_found" });
  });

  it("is of its own company only", async () => {
    const [one, other] = [await company(), await company()];
    const shared = await createView(one.ann, { name: "Teams", view: byTeam, visibility: "company" });
    expect(await listViews(other.ann)).toEqual([]);
    for (const id of [shared.id, newId(), "../views"])
      await expect(getView(other.ann, id)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a change", () => {
  it("that was made on an older version is refused and says who was faster", async () => {
    const { ann, vic } = await company();
    const bob = { ...vic, permissions: new Set<string>(allPermissions) };
    const shared = await createView(ann, { name: "Teams", view: byTeam, visibility: "company" });
    await updateView(bob, shared.id, { version: 1, name: "Teams of Bob" });
    await expect(updateView(ann, shared.id, { version: 1, name: "Teams of Ann" })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining('Vic changed "Teams of Bob" after you opened it'),
      facts: { version: 2, changedBy: "Vic" },
    });
    await expect(deleteView(ann, shared.id, 1)).rejects.toMatchObject({ code: "conflict" });
    expect((await getView(ann, shared.id)).name).toBe("Teams of Bob");
  });

  it("made twice at the same moment wins once", async () => {
    const { ann } = await company();
    const view = await createView(ann, { name: "Teams", view: byTeam });
    const both = await Promise.allSettled(["A", "B"].map((name) => updateView(ann, view.id, { version: 1, name })));
    expect(both.map((one) => one.status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(both.find((one) => one.status === "rejected")?.reason).toMatchObject({ code: "conflict" });
    expect((await listViewVersions(ann, view.id)).map((one) => one.version)).toEqual([2, 1]);
  });

  it("keeps what it changed, and stands in the audit", async () => {
    const { ann } = await company();
    const view = await createView(ann, { name: "Teams", view: byTeam });
    const byService = { ...byTeam, groupBy: ["serviceName"] };
    await updateView(ann, view.id, { version: 1, name: "Services", view: byService });
    expect(await listViewVersions(ann, view.id)).toMatchObject([
      { version: 2, name: "Services", view: byService, changedBy: { name: "Ann" } },
      { version: 1, name: "Teams", view: byTeam },
    ]);
    await deleteView(ann, view.id, 2);
    await expect(getView(ann, view.id)).rejects.toMatchObject({ code: "not_found" });
    const entries = await ann.inTenant((tx) => tx.auditEntry.findMany({ orderBy: { at: "asc" } }));
    expect(entries.map((entry) => entry.action)).toEqual(["view.created", "view.changed", "view.deleted"]);
    expect(entries[1]).toMatchObject({ before: { name: "Teams" }, after: { name: "Services" } });
    expect(await ann.inTenant((tx) => tx.savedViewVersion.count({ where: { viewId: view.id } }))).toBe(2);
  });

  it("cannot rewrite what was kept", async () => {
    const { ann } = await company();
    const view = await createView(ann, { name: "Teams", view: byTeam });
    const rewrite = ann.inTenant((tx) =>
      tx.savedViewVersion.updateMany({ where: { viewId: view.id }, data: { name: "Never was" } }),
    );
    await expect(rewrite).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("a preference", () => {
  it("is one person's own, and one view opens with the explorer", async () => {
    const { ann, vic } = await company();
    const [teams, other] = [
      await createView(ann, { name: "Teams", view: byTeam, visibility: "company" }),
      await createView(ann, { name: "Other", view: byTeam, visibility: "company" }),
    ];
    await setViewPreference(vic, teams.id, { isPinned: true, isDefault: true });
    expect(await setViewPreference(vic, other.id, { isDefault: true })).toMatchObject({ isDefault: true, version: 1 });
    expect(await listViews(vic)).toMatchObject([
      { name: "Other", isPinned: false, isDefault: true },
      { name: "Teams", isPinned: true, isDefault: false },
    ]);
    expect(await listViews(ann)).toMatchObject([
      { isPinned: false, isDefault: false },
      { isPinned: false, isDefault: false },
    ]);
  });
});

describe("a copy", () => {
  it("of a shared view is private, with a name of its own", async () => {
    const { ann, vic } = await company();
    const shared = await createView(ann, { name: "Teams", view: byTeam, visibility: "company" });
    const copy = await duplicateView(vic, shared.id);
    expect(copy).toMatchObject({ name: "Teams (copy)", visibility: "private", owner: { name: "Vic" }, view: byTeam });
    expect((await duplicateView(vic, copy.id)).name).toBe("Teams (copy 2)");
  });

  it.each([
    ["Teams", [], "Teams (copy)"],
    ["Teams (copy)", ["Teams (copy)", "Teams (copy 2)"], "Teams (copy 3)"],
    ["x".repeat(120), [], `${"x".repeat(105)} (copy)`],
  ])("of %s", (name, taken, expected) => {
    expect(copyName(name, taken)).toBe(expected);
  });
});

it("opens a view of an older program with all of it that can be read", () => {
  expect(repairView({ ...byTeam, measures: ["priceOfTea"], chart: "sankey", newer: true })).toEqual({
    ...byTeam,
    measures: ["billedCost"],
    chart: "area",
  });
  expect(repairView(null)).toEqual(CostView.parse({}));
});
