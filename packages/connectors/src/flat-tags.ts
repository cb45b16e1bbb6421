/**
 * SQL for tags as one flat JSON object, from what exports write: an object, an array of `{"key": …, "value": …}` (BigQuery,
 * parquet lists of structs), or an object without its braces (Azure). A tag without a value becomes `true`, as FOCUS asks.
 * NULL where the text is no JSON; the caller keeps such a text as an extra.
 *
 * `keyOf` gives the SQL of a tag's key from the SQL of its element, for arrays whose elements say where a tag comes from.
 * Of two equal keys the first wins.
 */
export function flatTags(
  sql: string,
  fields: readonly string[] = [],
  keyOf: (element: string) => string = (element) => `${element}.key`,
): string {
  return `CASE WHEN ${sql} IS NULL THEN NULL
    WHEN ${sql} LIKE '{%' THEN CASE WHEN json_valid(${sql}) THEN ${sql} END
    WHEN ${sql} LIKE '[%' THEN CASE WHEN json_valid(${sql}) THEN ${fromArray(sql, fields, keyOf)} END
    WHEN json_valid('{' || ${sql} || '}') THEN '{' || ${sql} || '}' END`;
}

function fromArray(sql: string, fields: readonly string[], keyOf: (element: string) => string): string {
  const shape = Object.fromEntries(["key", "value", ...fields].map((field) => [field, "VARCHAR"]));
  const elements = `list_filter(from_json(${sql}, '${JSON.stringify([shape])}'), lambda tag: tag.key IS NOT NULL)`;
  const keys = `list_transform(${elements}, lambda tag: ${keyOf("tag")})`;
  const firsts = `list_filter(list_transform(${elements}, lambda tag, i: {'k': ${keyOf("tag")}, 'v': tag.value, 'i': i}), lambda pair: list_position(${keys}, pair.k) = pair.i)`;
  const pairs = `list_transform(${firsts}, lambda pair: CAST(to_json(pair.k) AS VARCHAR) || ':' || coalesce(CAST(to_json(nullif(pair.v, '')) AS VARCHAR), 'true'))`;
  return `'{' || array_to_string(${pairs}, ',') || '}'`;
}
