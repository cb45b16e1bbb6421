/** The name under which a period's file is attached: ids are made by us, and only their hex digits get through. */
export function generationAlias(generationId: string): string {
  return `g_${generationId.replaceAll(/[^0-9a-f]/g, "")}`;
}
