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

/** SQL that puts a prefix before every key of a compact JSON object. A key is what stands between `{` or `,` and `:`. */
export function prefixKeys(sql: string, prefix: string): string {
  return String.raw`regexp_replace(${sql}, '([{,])"((?:[^"\\]|\\.)*)":', '\1"${prefix}\2":', 'g')`;
}

/** SQL that makes a JSON object compact, without null members, and NULL when nothing is left. Text that is no JSON gives NULL. */
export function compactObject(sql: string, isText: boolean): string {
  const compact = isText ? `CASE WHEN json_valid(${sql}) THEN CAST(json(${sql}) AS VARCHAR) END` : sql;
  return `nullif(CASE WHEN contains(${sql}, 'null') THEN CAST(json_merge_patch('{}', ${compact}) AS VARCHAR) ELSE ${compact} END, '{}')`;
}
