/** What has to be undone when a host closes, or does not open; the last first. */
export type Undo = (() => Promise<void> | void)[];

export async function undoAll(undo: Undo): Promise<void> {
  for (const step of undo.splice(0).toReversed()) await step();
}
