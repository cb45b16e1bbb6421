import { formatFilterText } from "@finops/warehouse/query/format-filter-text";
import type { FigureProof } from "./contract.ts";

/** What a stranger reads first: the claim, what lies beside it, and how to check it without this platform. */
export function packReadme(
  { figure, request, rows, versions, statement, reconciliation, isScoped }: FigureProof,
  at: string,
): string {
  const files = versions.flatMap((version) => version.files);
  const filter = request.filter === undefined ? "" : formatFilterText(request.filter);
  const value =
    figure.value === null
      ? `none: ${figure.missing ?? "not stated"}`
      : `${figure.value} ${figure.unit === "money" ? figure.currency : figure.unit === "percent" ? "of 1" : ""}`.trim();
  return `# ${figure.label}: ${value}

${figure.about}

- Charges from ${request.period.start} to the day before ${request.period.end}, by ${request.basis === "billing" ? "billing period" : "day of the charge"}${filter === "" ? "" : `\n- Filter: \`${filter}\``}
- ${rows} charge rows of ${files.length} bill files in ${versions.length} versions
- Position ${statement.position} of the publication log${request.asOf === undefined ? "" : `, as known on ${request.asOf}`}; written ${at}${isScoped ? "\n- The person who wrote this sees a part of the company's costs; the figure is of that part." : ""}

## Check it

With any DuckDB, in this folder:

\`\`\`sh
sha256sum --check SHA256SUMS   # nothing was changed since
duckdb < verify.sql            # the figure, computed anew from the rows
\`\`\`

\`is_equal\` is \`true\` where the sum of the rows is the figure, to the last digit. For a rate the statement prints the exact sums that it is made of; the definition above says how.

Who has the bill files compares their SHA-256 with \`files.csv\`, which also says what of the figure each of them holds.

## What is here

| file          | what it is                                                                            |
| ------------- | ------------------------------------------------------------------------------------- |
| \`figure.json\` | the figure, its definition, the request, versions, files and reconciliation             |
| \`rows.csv\`    | every charge row of the figure with all FOCUS columns; amounts are exact decimals       |
| \`files.csv\`   | the bill files with their SHA-256, rows and part of the figure                          |
| \`query.sql\`   | the statement that answered; values are bound, and it reads the platform's own tables   |
| \`verify.sql\`  | the statement for plain DuckDB                                                          |
| \`SHA256SUMS\`  | of all of the above                                                                     |

## What was checked when this was written

${reconciliation.map((step) => `- ${step.holds ? "holds" : `DOES NOT HOLD by ${step.difference}`}: ${step.claim}${step.subject === null ? "" : ` (${step.subject})`}: ${step.left.value} = ${step.right.value}`).join("\n")}
`;
}
