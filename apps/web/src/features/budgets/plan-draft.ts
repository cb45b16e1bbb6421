import { KeptAmount } from "@finops/capabilities/budgets/contract";
import type { PlanDraft, PlanMove } from "@finops/capabilities/budgets/plan";
import * as z from "zod";

const Draft = z.record(z.string(), KeptAmount);
const Kept = z.object({
  draft: Draft,
  /** The version of each budget that its draft was made on: who is slower is told so. */
  versions: z.record(z.string(), z.number()),
  past: z.array(Draft),
});

/** A plan that is being made: what is drafted, and what it was before each move. */
export interface PlanState extends z.infer<typeof Kept> {
  /** The move that goes on while a slider is held: it is undone as one, and starts from where it began. */
  gesture: string | null;
  /** Why the last move did nothing. */
  refused: string | null;
  /** Of the last move, what nobody could take; "0" where all was given. */
  left: string;
}

export type PlanAction =
  | {
      do: "move";
      gesture: string | null;
      versions: Readonly<Record<string, number>>;
      by: (draft: PlanDraft) => PlanMove;
    }
  | { do: "rest" }
  | { do: "undo" }
  | { do: "drop"; ids: readonly string[] };

const pastMax = 50;
const nothing: PlanState = { draft: {}, versions: {}, past: [], gesture: null, refused: null, left: "0" };

export function changePlan(state: PlanState, action: PlanAction): PlanState {
  switch (action.do) {
    case "rest":
      return state.gesture === null ? state : { ...state, gesture: null };
    case "undo": {
      const draft = state.past.at(-1);
      if (draft === undefined) return state;
      return { ...nothing, draft, versions: state.versions, past: state.past.slice(0, -1) };
    }
    case "drop": {
      const without = (draft: PlanDraft) =>
        Object.fromEntries(Object.entries(draft).filter(([id]) => !action.ids.includes(id)));
      const versions = Object.fromEntries(Object.entries(state.versions).filter(([id]) => !action.ids.includes(id)));
      return { ...nothing, draft: without(state.draft), versions, past: state.past.map(without) };
    }
    case "move":
      return moved(state, action);
  }
}

function moved(state: PlanState, { gesture, versions, by }: Extract<PlanAction, { do: "move" }>): PlanState {
  const goesOn = gesture !== null && gesture === state.gesture;
  const from = goesOn ? (state.past.at(-1) ?? {}) : state.draft;
  const move = by(from);
  if ("refused" in move) return { ...state, refused: move.refused, left: "0" };
  const drafted = Object.keys(move.draft).map((id) => [id, state.versions[id] ?? versions[id] ?? 0] as const);
  return {
    draft: { ...move.draft },
    // What was drafted once and is no more may come back by undoing.
    versions: { ...state.versions, ...Object.fromEntries(drafted) },
    past: goesOn ? state.past : [...state.past, from].slice(-pastMax),
    gesture,
    refused: null,
    left: move.left.toString(),
  };
}

const keyOf = (owner: string) => `budget plan of ${owner}`;

/** The plan that was left on this machine, by whose it is. */
export function readPlan(owner: string): PlanState {
  try {
    const kept = Kept.safeParse(JSON.parse(localStorage.getItem(keyOf(owner)) ?? "null"));
    return kept.success ? { ...nothing, ...kept.data } : nothing;
  } catch {
    // Somebody else's text under this key is no plan.
    return nothing;
  }
}

export function keepPlan(owner: string, { draft, versions, past }: PlanState): void {
  if (Object.keys(draft).length === 0 && past.length === 0) localStorage.removeItem(keyOf(owner));
  else localStorage.setItem(keyOf(owner), JSON.stringify({ draft, versions, past }));
}
