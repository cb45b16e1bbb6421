import { Button } from "@finops/ui/primitives/button";
import { Popover } from "@finops/ui/primitives/popover";
import { formatDay } from "@finops/ui/text/format-day";
import { History } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { AsOfFormProps } from "./as-of-form.tsx";

// Most readers never look back.
const AsOfForm = lazy(async () => ({ default: (await import("./as-of-form.tsx")).AsOfForm }));

/** What the bills said on an earlier day, before they were restated. */
export function AsOfMenu({ view, today, onShow }: AsOfFormProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover
      label="As of an earlier day"
      isOpen={isOpen}
      onOpen={setIsOpen}
      className="w-72 p-3"
      trigger={
        <Button icon={<History size={16} aria-hidden className="text-text-3" />}>
          <span className="font-normal text-text-2 max-sm:sr-only">As of</span>
          <span className={view.asOf === undefined ? "" : "text-accent"}>
            {view.asOf === undefined ? "now" : formatDay(view.asOf)}
          </span>
        </Button>
      }
    >
      <Suspense>
        <AsOfForm
          view={view}
          today={today}
          onShow={(next) => {
            onShow(next);
            setIsOpen(false);
          }}
        />
      </Suspense>
    </Popover>
  );
}
