import type { CostCatalog } from "@finops/capabilities/costs/contract";
import type { ReportItem } from "@finops/capabilities/reports/contract";
import type { ViewMoment } from "@finops/capabilities/views/contract";
import { Button } from "@finops/ui/primitives/button";
import { Segments } from "@finops/ui/primitives/segments";
import { Select } from "@finops/ui/primitives/select";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { TextArea } from "@finops/ui/primitives/text-area";
import { ViewForm } from "../../lib/cost-view/late-view-form.ts";
import { TitleField } from "../../lib/documents/title-field.tsx";
import { asKind } from "./item-edits.ts";

interface ItemPanelProps {
  item: ReportItem;
  catalog: CostCatalog;
  moment: ViewMoment;
  onChange: (item: ReportItem) => void;
  onClose: () => void;
}

/** What an item of a report says; the report follows at every change. */
export function ItemPanel({ item, catalog, moment, onChange, onClose }: ItemPanelProps) {
  return (
    <SidePanel
      title={item.kind === "text" ? "Text" : "What this item shows"}
      about="The report follows at once."
      onClose={onClose}
      footer={
        <Button kind="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      {item.kind === "text" ? (
        <TextArea
          label="Text"
          about="An empty line begins a new paragraph."
          value={item.text}
          rows={14}
          maxLength={20_000}
          onChange={(text) => onChange({ ...item, text })}
        />
      ) : (
        <div className="space-y-3">
          <TitleField title={item.title} onChange={(title) => onChange({ ...item, title })} />
          <div>
            <span className="mb-1 block text-xs text-text-2">Shown as</span>
            <Segments
              label="Shown as"
              value={item.kind}
              options={[
                { value: "figure", label: "Figures" },
                { value: "chart", label: "Chart" },
                { value: "table", label: "Table" },
              ]}
              onChoose={(kind) => onChange(asKind(item, kind))}
            />
          </div>
          {item.kind === "table" && (
            <Select
              label="Rows at most"
              value={String(item.rowsMax)}
              options={[...new Set([10, 25, 50, 100, 250, 1000, item.rowsMax])]
                .toSorted((a, b) => a - b)
                .map((count) => ({ value: String(count), label: String(count) }))}
              onChange={(count) => onChange({ ...item, rowsMax: Number(count) })}
            />
          )}
          <ViewForm
            view={item.view}
            shows={item.kind}
            catalog={catalog}
            moment={moment}
            onChange={(view) => onChange({ ...item, view })}
          />
        </div>
      )}
    </SidePanel>
  );
}
