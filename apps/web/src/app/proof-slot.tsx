import { useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { readDoorSearch, useFigureDoor } from "../lib/figure-door.ts";

const ProofPanel = lazy(async () => ({ default: (await import("../features/proof/proof-panel.tsx")).ProofPanel }));

/** Beside the page, at its right: what explains a figure pushes the page, and never covers it. */
export function ProofSlot() {
  const { proof } = readDoorSearch(useSearch({ strict: false }));
  const open = useFigureDoor();
  if (proof === undefined) return null;
  return (
    <Suspense>
      <ProofPanel figure={proof} onClose={() => open(null)} />
    </Suspense>
  );
}
