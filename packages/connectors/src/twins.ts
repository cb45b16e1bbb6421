/**
 * The rows of a relation with the column `twin` (see BillMapping.twins), as the CTEs up to `_twinned`. Keys are counted on both
 * sides first: as a rule every row has its twin, and then no row goes through the window that settles uneven counts.
 */
export function renderTwins(
  { key, scope }: { key: string; scope: string },
  own: string,
  others: readonly string[],
): string[] {
  const counted = [
    `SELECT ${key} AS _twin_key, 1 AS here, 0 AS there FROM ${own}`,
    ...others.map((other) => `SELECT ${key}, 0, 1 FROM ${other}`),
  ];
  const scopes = others.map((other) => `SELECT ${scope} AS _twin_scope FROM ${other}`);
  return [
    `_short AS (SELECT _twin_key, sum(there) AS there\n  FROM (${counted.join(" UNION ALL ")})\n  WHERE _twin_key IS NOT NULL GROUP BY _twin_key HAVING sum(here) > sum(there))`,
    `_scopes AS (SELECT DISTINCT _twin_scope FROM (${scopes.join(" UNION ALL ")}))`,
    `_keyed AS NOT MATERIALIZED (SELECT *, ${key} AS _twin_key, ${scope} AS _twin_scope FROM ${own})`,
    `_twinned AS (SELECT _keyed.* EXCLUDE (_twin_key, _twin_scope), CASE WHEN _scopes._twin_scope IS NOT NULL THEN _keyed._twin_key IS NOT NULL AND _short.there IS NULL END AS twin
    FROM _keyed LEFT JOIN _short ON _keyed._twin_key = _short._twin_key LEFT JOIN _scopes ON _keyed._twin_scope = _scopes._twin_scope WHERE coalesce(_short.there, 0) = 0
  UNION ALL SELECT _keyed.* EXCLUDE (_twin_key, _twin_scope), row_number() OVER (PARTITION BY _keyed._twin_key ORDER BY _file) <= _short.there
    FROM _keyed JOIN _short ON _keyed._twin_key = _short._twin_key WHERE _short.there > 0)`,
  ];
}
