/**
 * The rows of `_steps` with a column `twin` (see BillMapping.twinKey), as the CTEs up to `_twinned`. Keys are counted on both
 * sides first: as a rule every row has its twin, and then no row goes through the window that settles uneven counts.
 */
export function renderTwins(key: string, others: readonly { key: string; steps: string }[]): string[] {
  const counted = [`SELECT ${key} AS _twin_key, 1 AS here, 0 AS there FROM _steps`, ...others.map((other) => `SELECT ${other.key}, 0, 1 FROM ${other.steps}`)];
  return [
    `_short AS (SELECT _twin_key, sum(there) AS there\n  FROM (${counted.join(" UNION ALL ")})\n  WHERE _twin_key IS NOT NULL GROUP BY _twin_key HAVING sum(here) > sum(there))`,
    `_keyed AS NOT MATERIALIZED (SELECT *, ${key} AS _twin_key FROM _steps)`,
    `_twinned AS (SELECT _keyed.* EXCLUDE (_twin_key), _keyed._twin_key IS NOT NULL AND _short.there IS NULL AS twin
    FROM _keyed LEFT JOIN _short ON _keyed._twin_key = _short._twin_key WHERE coalesce(_short.there, 0) = 0
  UNION ALL SELECT _keyed.* EXCLUDE (_twin_key), row_number() OVER (PARTITION BY _keyed._twin_key ORDER BY _file) <= _short.there
    FROM _keyed JOIN _short ON _keyed._twin_key = _short._twin_key WHERE _short.there > 0)`,
  ];
}
