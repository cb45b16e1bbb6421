const mentionsMax = 20;

/** Who is named with an @ in a text: of names that begin alike the longer one, where it is the whole name that stands there. */
export function mentionedIn<P extends { name: string }>(text: string, people: readonly P[]): P[] {
  const byLength = people.filter(({ name }) => name !== "").toSorted((a, b) => b.name.length - a.name.length);
  const found = new Set<P>();
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    const rest = text.slice(at + 1);
    const named = byLength.find(({ name }) => rest.startsWith(name) && !/^[\p{L}\p{N}]/u.test(rest.slice(name.length)));
    if (named !== undefined) found.add(named);
  }
  return [...found].slice(0, mentionsMax);
}
