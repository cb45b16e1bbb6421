/**
 * SQL that turns an amount as people and spreadsheets write it (`$1,234.50`, `(12.00)`, with `decimalComma` `1.234,50 €`)
 * into a plain decimal text. A text that is no such amount stays as it is, for the check of decimals to name; with
 * `decimalComma` it becomes NULL, because `1.5` would otherwise pass for one and a half.
 */
export function moneyText(sql: string, decimalComma = false): string {
  const bare = `regexp_replace(regexp_replace(CAST(${sql} AS VARCHAR), '[$€£\\s\\x{00A0}]', '', 'g'), '^\\((.*)\\)$', '-\\1')`;
  if (decimalComma) {
    return `CASE WHEN regexp_full_match(${bare}, '[+-]?([0-9]{1,3}(\\.[0-9]{3})+|[0-9]+)(,[0-9]*)?') THEN replace(replace(${bare}, '.', ''), ',', '.') END`;
  }
  return `CASE WHEN regexp_full_match(${bare}, '[+-]?[0-9]{1,3}(,[0-9]{3})*(\\.[0-9]*)?') THEN replace(${bare}, ',', '') ELSE CAST(${sql} AS VARCHAR) END`;
}
