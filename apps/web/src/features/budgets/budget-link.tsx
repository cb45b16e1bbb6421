import { Link } from "@tanstack/react-router";

/** A budget's name in a table, which leads to its page. */
export function BudgetLink({ id, name }: { id: string; name: string }) {
  return (
    <Link
      to="/budgets/$id"
      params={{ id }}
      title={name}
      className="truncate font-medium hover:text-accent hover:underline"
      dir="auto"
    >
      {name}
    </Link>
  );
}
