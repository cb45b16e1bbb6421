import { Money, Unknown } from "@finops/ui/figures/money";
import { Button } from "@finops/ui/primitives/button";
import { Card } from "@finops/ui/primitives/card";
import { Async } from "@finops/ui/states/async";
import { formatCount } from "@finops/ui/text/format-figure";
import { useState } from "react";
import { ListSkeleton } from "./list-skeleton.tsx";
import { rejectsPageRows, useRejects } from "./use-bills.ts";

/** The rows that were not taken, one by one: where they stand, why, and what they cost. */
export function RejectTable({ id }: { id: string }) {
  const [offset, setOffset] = useState(0);
  const rejects = useRejects(id, offset);
  return (
    <Card title="Rejected rows" about="They are kept with their reason and cost, and are in no figure.">
      <Async
        of={rejects}
        name="The rejected rows"
        skeleton={<ListSkeleton />}
        isEmpty={({ total }) => total === 0}
        empty={<p className="px-4 pb-4 text-sm text-text-2">Every row was taken.</p>}
      >
        {({ total, rows, nextOffset }) => (
          <>
            <div className="overflow-x-auto" role="region" aria-label="Rejected rows" tabIndex={0}>
              <table className="w-full text-sm">
                <thead className="text-xs text-text-2">
                  <tr>
                    <th scope="col" className="h-8 px-4 text-left font-medium">
                      Reason
                    </th>
                    <th scope="col" className="h-8 px-4 text-left font-medium">
                      File
                    </th>
                    <th scope="col" className="h-8 px-4 text-right font-medium">
                      Line
                    </th>
                    <th scope="col" className="h-8 px-4 text-right font-medium">
                      Cost
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row, index) => (
                    <tr key={`${row.file} ${row.line} ${index}`} className="border-t border-line align-top">
                      <td className="min-w-60 px-4 py-1.5 break-words">
                        {row.reason}
                        {row.text !== null && (
                          <code className="mt-1 block max-w-xl truncate font-mono text-xs text-text-2" title={row.text}>
                            {row.text}
                          </code>
                        )}
                      </td>
                      <td className="px-4 py-1.5 break-all text-text-2" dir="auto">
                        {row.file}
                      </td>
                      <td className="px-4 py-1.5 text-right tabular-nums">
                        {row.line === null ? (
                          <Unknown because="The file does not count its lines" />
                        ) : (
                          formatCount(row.line)
                        )}
                      </td>
                      <td className="px-4 py-1.5 text-right">
                        {row.cost === null ? (
                          <Unknown because="The row's cost cannot be read" />
                        ) : (
                          <Money amount={row.cost.amount} currency={row.cost.currency} />
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            <div className="flex flex-wrap items-center gap-2 border-t border-line px-4 py-2 text-xs text-text-2">
              <span className="mr-auto">
                {formatCount(offset + 1)} to {formatCount(offset + rows.length)} of {formatCount(total)}
              </span>
              <Button
                kind="quiet"
                disabled={offset === 0}
                onClick={() => setOffset(Math.max(0, offset - rejectsPageRows))}
              >
                Before
              </Button>
              <Button
                kind="quiet"
                disabled={nextOffset === null}
                onClick={() => nextOffset !== null && setOffset(nextOffset)}
              >
                Next
              </Button>
            </div>
          </>
        )}
      </Async>
    </Card>
  );
}
