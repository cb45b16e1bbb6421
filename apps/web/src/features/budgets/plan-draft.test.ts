// @vitest-environment jsdom
import type { KeptAmount } from "@finops/capabilities/budgets/contract";
import type { PlanDraft, PlanMove } from "@finops/capabilities/budgets/plan";
import { zero } from "@finops/kernel/decimal";
import { beforeEach, describe, expect, it } from "vitest";
import { changePlan, keepPlan, type PlanState, readPlan } from "./plan-draft.ts";

const fixed = (amount: string): KeptAmount => ({ kind: "fixed", amount });
const to =
  (id: string, amount: string) =>
  (draft: PlanDraft): PlanMove => ({
    draft: { ...draft, [id]: fixed(amount) },
    left: zero,
  });
const move = (state: PlanState, by: (draft: PlanDraft) => PlanMove, gesture: string | null = null) =>
  changePlan(state, { do: "move", gesture, versions: { web: 3, data: 1 }, by });

beforeEach(() => localStorage.clear());

describe("a plan", () => {
  it("is undone move by move, a slider that was held as one", () => {
    let plan = move(readPlan("ann"), to("web", "10"));
    for (const amount of ["11", "12", "13"]) plan = move(plan, to("data", amount), "slide data");
    plan = changePlan(plan, { do: "rest" });
    plan = move(plan, to("data", "20"), "slide data");
    const drafts = [plan.draft];
    for (let left = 0; left < 4; left++) {
      plan = changePlan(plan, { do: "undo" });
      drafts.push(plan.draft);
    }
    expect(drafts).toEqual([
      { web: fixed("10"), data: fixed("20") },
      { web: fixed("10"), data: fixed("13") },
      { web: fixed("10") },
      {},
      {},
    ]);
  });

  it("is there again after a reload, for who made it, with the versions it was made on", () => {
    const plan = move(readPlan("ann"), to("web", "10"));
    keepPlan("ann", plan);
    expect(readPlan("ann")).toMatchObject({ draft: { web: fixed("10") }, versions: { web: 3 }, past: [{}] });
    expect(readPlan("bob").draft).toEqual({});
    localStorage.setItem("budget plan of ann", "{");
    expect(readPlan("ann").draft).toEqual({});
  });

  it("keeps the version that a draft was begun on, and takes the new one after it was dropped", () => {
    let plan = move(readPlan("ann"), to("web", "10"));
    plan = changePlan(plan, { do: "move", gesture: null, versions: { web: 4 }, by: to("web", "11") });
    expect(plan.versions["web"]).toBe(3);
    plan = changePlan(plan, { do: "drop", ids: ["web"] });
    expect([plan.draft, plan.past]).toEqual([{}, [{}, {}]]);
    plan = changePlan(plan, { do: "move", gesture: null, versions: { web: 4 }, by: to("web", "11") });
    expect(plan.versions["web"]).toBe(4);
  });

  it("stays as it is where a move is refused, and says why", () => {
    const plan = move(readPlan("ann"), to("web", "10"));
    expect(move(plan, () => ({ refused: "It grows." }))).toEqual({ ...plan, refused: "It grows." });
  });
});
