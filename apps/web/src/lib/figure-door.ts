import { FigureRequest, type FigureRequestInput } from "@finops/capabilities/proof/contract";
import { useNavigate } from "@tanstack/react-router";

/** What the URL says on every page, whatever the page: the figure whose proof is open beside it. */
export interface DoorSearch {
  proof?: FigureRequest;
}

/** A link that somebody mangled opens no proof; it does not break the page. */
export function readDoorSearch(search: Record<string, unknown>): DoorSearch {
  const proof = FigureRequest.safeParse(search["proof"]);
  return proof.success ? { proof: proof.data } : {};
}

/** Every figure is a door: the returned function opens the proof of a figure beside the page, `null` closes it. */
export function useFigureDoor(): (figure: FigureRequestInput | null) => void {
  const navigate = useNavigate();
  return (figure) =>
    void navigate({
      to: ".",
      search: (old: Record<string, unknown>) => ({ ...old, proof: figure ?? undefined }),
      resetScroll: false,
    } as never);
}
