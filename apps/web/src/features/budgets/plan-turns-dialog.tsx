import type { PlannableBudget } from "@finops/capabilities/budgets/plan";
import { Button } from "@finops/ui/primitives/button";
import { Dialog } from "@finops/ui/primitives/dialog";

const namedMax = 5;

/** Before amounts that are the same in each period, or grow, become plans: what that means, and the way back. */
export function PlanTurnsDialog({
  budgets,
  onGoOn,
  onClose,
}: {
  budgets: readonly PlannableBudget[];
  onGoOn: () => void;
  onClose: () => void;
}) {
  const names = budgets.slice(0, namedMax).map(({ name }) => `"${name}"`);
  const more = budgets.length > names.length ? ` and ${budgets.length - names.length} more` : "";
  const isOne = budgets.length === 1;
  return (
    <Dialog
      title={isOne ? "Make a plan of this budget?" : `Make plans of ${budgets.length} budgets?`}
      isOpen
      onClose={onClose}
      about={
        <div className="space-y-2">
          <p>
            {names.join(", ")}
            {more} {isOne ? "has" : "have"} one amount that is the same in each period, or grows. For this{" "}
            {isOne ? "it becomes a plan" : "they become plans"}: an amount for each period, for as long as{" "}
            {isOne ? "it lasts" : "each lasts"}, and for 120 periods at most.
          </p>
          <p>
            Periods that are not changed here keep what they have. After the last one of a plan, nothing is planned.
          </p>
        </div>
      }
    >
      <Button onClick={onClose}>
        Leave {isOne ? "it" : "them"} as {isOne ? "it is" : "they are"}
      </Button>
      <Button kind="primary" onClick={onGoOn}>
        {isOne ? "Make a plan of it" : "Make plans of them"}
      </Button>
    </Dialog>
  );
}
