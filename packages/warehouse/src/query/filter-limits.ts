/** How deep and how long a filter may be: no screen comes near it, and reading it never takes long. */
export const filterLimits = { depthMax: 20, partsMax: 1000, valuesMax: 10_000, charactersMax: 1_000_000 };

/** What is too much about a filter, as a sentence; null where nothing is. Takes anything, and goes no deeper than it allows. */
export function filterProblem(input: unknown): string | null {
  const { depthMax, partsMax, valuesMax, charactersMax } = filterLimits;
  let level: unknown[] = [input];
  let [parts, values, characters] = [0, 0, 0];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > depthMax)
      return `The filter is nested more than ${depthMax} deep. Write it with fewer and, or and not.`;
    parts += level.length;
    if (parts > partsMax) return `The filter has more than ${count(partsMax)} parts. Use one list of values with in.`;
    const texts = level.flatMap(textsOf);
    values += texts.length;
    if (values > valuesMax)
      return `The filter names more than ${count(valuesMax)} values. Use contains or starts with.`;
    characters += texts.reduce((sum, text) => sum + text.length, 0);
    if (characters > charactersMax) return `The filter has more than ${count(charactersMax)} characters.`;
    level = level.flatMap(innerOf);
  }
  return null;
}

function innerOf(node: unknown): unknown[] {
  if (typeof node !== "object" || node === null) return [];
  const { and, or, not } = node as Record<string, unknown>;
  return [...(Array.isArray(and) ? and : []), ...(Array.isArray(or) ? or : []), ...(not === undefined ? [] : [not])];
}

function textsOf(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.values(node)
    .flat()
    .filter((value) => typeof value === "string");
}

function count(number: number): string {
  return number.toLocaleString("en");
}
