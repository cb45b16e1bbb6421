/** SQL that joins JSON objects, given as text with distinct keys, into one; NULL where all are empty. */
export function joinObjects(objects: readonly string[]): string {
  if (objects.length === 0) return "CAST(NULL AS VARCHAR)";
  if (objects.length === 1) return objects[0]!;
  const members = objects.map((sql) => `nullif(substr(${sql}, 2, length(${sql}) - 2), '')`);
  return `nullif('{' || concat_ws(',', ${members.join(", ")}) || '}', '{}')`;
}

/**
 * SQL that gives the keys of a compact JSON object another prefix. Text replacement is exact here: within a string a quote is
 * always escaped, so `{"` and `,"` before a key's first letters can only be JSON's own. Splitting and joining takes a quarter
 * of the time of DuckDB's `replace`.
 */
export function replaceKeyPrefix(sql: string, from: string, to: string): string {
  const later = `array_to_string(string_split(${sql}, ',"${from}'), ',"${to}')`;
  return `CASE WHEN starts_with(${sql}, '{"${from}') THEN '{"${to}' || substr(${later}, ${from.length + 3}) ELSE ${later} END`;
}

/**
 * SQL that makes a MAP of text a JSON object with a prefix before every key, without members that are NULL. A map of one
 * member, as most are, costs a fifth of the general form.
 */
export function prefixedObject(map: string, prefix: string): string {
  const json = `CAST(to_json(${map}) AS VARCHAR)`;
  const member = `CAST(to_json('${prefix}' || entry.key) AS VARCHAR) || ':' || CAST(to_json(entry.value) AS VARCHAR)`;
  return `CASE cardinality(${map}) WHEN 0 THEN NULL
    WHEN 1 THEN CASE WHEN map_values(${map})[1] IS NOT NULL THEN '{"${prefix}' || substr(${json}, 3) END
    ELSE nullif('{' || array_to_string(list_transform(map_entries(${map}), lambda entry: ${member}), ',') || '}', '{}') END`;
}

/** SQL that makes a JSON object compact, without null members, and NULL when nothing is left. Text that is no JSON gives NULL. */
export function compactObject(sql: string, isText: boolean): string {
  const compact = isText ? `CASE WHEN json_valid(${sql}) THEN CAST(json(${sql}) AS VARCHAR) END` : sql;
  return `nullif(CASE WHEN contains(${sql}, 'null') THEN CAST(json_merge_patch('{}', ${compact}) AS VARCHAR) ELSE ${compact} END, '{}')`;
}
