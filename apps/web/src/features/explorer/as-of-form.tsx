import type { CostView } from "@finops/capabilities/views/contract";
import type { Day } from "@finops/kernel/period";
import { Button } from "@finops/ui/primitives/button";
import { TextField } from "@finops/ui/primitives/text-field";
import { useState } from "react";

export interface AsOfFormProps {
  view: CostView;
  today: Day;
  onShow: (next: CostView) => void;
}

/** The day whose bills are to count, or the newest again. */
export function AsOfForm({ view, today, onShow }: AsOfFormProps) {
  const [day, setDay] = useState(view.asOf ?? "");
  const { asOf: _, ...newest } = view;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(day) && day <= today;
  return (
    <form
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (isDay) onShow({ ...view, asOf: day });
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
        {view.asOf !== undefined && <Button onClick={() => onShow(newest)}>Show the newest</Button>}
        <Button kind="primary" type="submit" disabled={!isDay}>
          Show
        </Button>
      </div>
    </form>
  );
}
