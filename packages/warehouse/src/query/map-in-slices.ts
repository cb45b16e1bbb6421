const sliceLength = 500;

/** Like `map`, but lets others have a turn after every few hundred: work of milliseconds never becomes a block of seconds. */
export async function mapInSlices<A, B>(all: readonly A[], change: (one: A) => B): Promise<B[]> {
  const changed: B[] = [];
  for (const [index, one] of all.entries()) {
    if (index > 0 && index % sliceLength === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    changed.push(change(one));
  }
  return changed;
}
