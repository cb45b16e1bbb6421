import type { FigureProof, FigureRequest } from "@finops/capabilities/proof/contract";
import { Download } from "lucide-react";

/** The proof as a folder that a stranger checks with plain DuckDB, without this platform. */
export function ProofDownload({ figure, proof }: { figure: FigureRequest; proof: FigureProof }) {
  if (proof.rows === 0) return null;
  return (
    <div>
      <a
        href={`/api/v1/proof/pack?figure=${encodeURIComponent(JSON.stringify(figure))}`}
        download
        className="inline-flex h-8 items-center gap-1.5 rounded-md bg-accent px-2.5 text-sm font-medium text-on-accent hover:opacity-90"
      >
        <Download size={16} aria-hidden />
        Download the proof
      </a>
      <p className="mt-1 text-xs text-text-2">
        A zip with the figure, its rows, the hashes of its bill files, and a statement that computes it anew in plain
        DuckDB.
      </p>
    </div>
  );
}
