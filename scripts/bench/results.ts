/** What a figure is held against; the unit is the figure's own. */
export type Goal = { atMost: number } | { atLeast: number } | { below: number };

/** One measured figure, as `pnpm bench --json` prints it. Without a goal there is nothing to pass, and both are null. */
export interface Result {
  name: string;
  value: number;
  unit: string;
  goal: string | null;
  pass: boolean | null;
}

/** A figure with its judgement. Judged as measured, and only then rounded to three digits for the eye. */
export function result(name: string, value: number, unit: string, goal: Goal | null = null): Result {
  return {
    name,
    value: roundForPrint(value),
    unit,
    goal: goal === null ? null : describeGoal(goal),
    pass: goal === null ? null : meets(value, goal),
  };
}

/** Lines of a table for people: what was measured, and what falls short. */
export function resultLines(results: readonly Result[]): string[] {
  const cells = results.map(({ name, value, unit, goal, pass }) => [
    pass === null ? "    " : pass ? "ok  " : "FAIL",
    name,
    `${value.toLocaleString("en")} ${unit}`,
    goal ?? "",
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...cells.map((row) => row[column]!.length)));
  return cells.map(([mark, name, value, goal]) =>
    `${mark} ${name!.padEnd(widths[1]!)}  ${value!.padStart(widths[2]!)}  ${goal}`.trimEnd(),
  );
}

// What could not be measured is NaN, and NaN meets no goal.
function meets(value: number, goal: Goal): boolean {
  if ("atMost" in goal) return value <= goal.atMost;
  return "atLeast" in goal ? value >= goal.atLeast : value < goal.below;
}

function describeGoal(goal: Goal): string {
  if ("atMost" in goal) return `at most ${goal.atMost}`;
  return "atLeast" in goal ? `at least ${goal.atLeast}` : `under ${goal.below}`;
}

function roundForPrint(value: number): number {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
}
