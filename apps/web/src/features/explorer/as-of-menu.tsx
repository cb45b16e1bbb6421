import type { CostView } from "@finops/capabilities/views/contract";
import type { Day } from "@finops/kernel/period";
import { Button } from "@finops/ui/primitives/button";
import { Popover } from "@finops/ui/primitives/popover";
import { TextField } from "@finops/ui/primitives/text-field";
import { formatDay } from "@finops/ui/text/format-day";
import { History } from "lucide-react";
import { useState } from "react";

interface AsOfMenuProps {
  view: CostView;
  today: Day;
  onShow: (next: CostView) => void;
}

/** What the bills said on an earlier day, before they were restated. */
export function AsOfMenu({ view, today, onShow }: AsOfMenuProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [day, setDay] = useState(view.asOf ?? "");
  const { asOf: _, ...newest } = view;
  const show = (next: CostView) => {
    onShow(next);
    setIsOpen(false);
  };
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(day) && day <= today;
  return (
    <Popover
      label="As of an earlier day"
      isOpen={isOpen}
      onOpen={(open) => {
        setDay(view.asOf ?? "");
        setIsOpen(open);
      }}
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
      <form
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (isDay) show({ ...view, asOf: day });
        }}
      >
        <TextField
          label="As of the end of"
          type="date"
          max={today}
          value={day}
          onChange={setDay}
          error={day > today ? "Choose a day that has begun." : null}
          about="Figures as the bills that were imported by then state them."
        />
        <div className="flex justify-end gap-2">
          {view.asOf !== undefined && <Button onClick={() => show(newest)}>Show the newest</Button>}
          <Button kind="primary" type="submit" disabled={!isDay}>
            Show
          </Button>
        </div>
      </form>
    </Popover>
  );
}
