import { addMonths } from "@finops/kernel/period";
import { Button } from "@finops/ui/primitives/button";
import { Dialog } from "@finops/ui/primitives/dialog";
import { TextField } from "@finops/ui/primitives/text-field";
import { useState } from "react";
import { serverClock } from "../../lib/server-clock.ts";
import { useSeal } from "./use-audit.ts";

const keptMonths = 12;

/** Asks from before which day entries go into files. */
export function SealDialog({ onClose }: { onClose: () => void }) {
  const today = serverClock.today();
  const [before, setBefore] = useState(addMonths(today, -keptMonths));
  const seal = useSeal();
  return (
    <Dialog
      title="Put old entries into files"
      isOpen
      onClose={onClose}
      about={
        <div className="space-y-3">
          <p>They are in no list any more. Their hashes stay part of the chain, and Verify reads the files as well.</p>
          <TextField
            label="Entries from before (UTC)"
            type="date"
            max={today}
            value={before}
            onChange={setBefore}
            required
          />
        </div>
      }
    >
      <Button onClick={onClose}>Cancel</Button>
      <Button
        kind="primary"
        disabled={before === "" || seal.isPending}
        onClick={() => seal.mutate(before, { onSettled: onClose })}
      >
        {seal.isPending ? "Writing…" : "Put them away"}
      </Button>
    </Dialog>
  );
}
