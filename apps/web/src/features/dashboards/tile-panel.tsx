import type { Tile } from "@finops/capabilities/dashboards/contract";
import type { CostCatalog } from "@finops/capabilities/costs/contract";
import type { ViewMoment } from "@finops/capabilities/views/contract";
import { Button } from "@finops/ui/primitives/button";
import { Segments } from "@finops/ui/primitives/segments";
import { SidePanel } from "@finops/ui/primitives/side-panel";
import { TextArea } from "@finops/ui/primitives/text-area";
import { TitleField } from "../../lib/documents/title-field.tsx";
import { ViewForm } from "../../lib/cost-view/late-view-form.ts";

interface TilePanelProps {
  tile: Tile;
  catalog: CostCatalog;
  moment: ViewMoment;
  onChange: (tile: Tile) => void;
  onClose: () => void;
}

/** What a tile shows; the tile itself follows at every change. */
export function TilePanel({ tile, catalog, moment, onChange, onClose }: TilePanelProps) {
  return (
    <SidePanel
      title={tile.kind === "text" ? "Text" : "What this tile shows"}
      about="The tile follows at once."
      onClose={onClose}
      footer={
        <Button kind="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      {tile.kind === "text" ? (
        <TextArea
          label="Text"
          about="An empty line begins a new paragraph."
          value={tile.text}
          rows={10}
          maxLength={4000}
          onChange={(text) => onChange({ ...tile, text })}
        />
      ) : (
        <div className="space-y-3">
          <TitleField title={tile.title} onChange={(title) => onChange({ ...tile, title })} />
          <div>
            <span className="mb-1 block text-xs text-text-2">Shown as</span>
            <Segments
              label="Shown as"
              value={tile.shows}
              options={[
                { value: "figure", label: "Figure" },
                { value: "chart", label: "Chart" },
                { value: "table", label: "Table" },
              ]}
              onChoose={(shows) => onChange({ ...tile, shows })}
            />
          </div>
          <ViewForm
            view={tile.view}
            shows={tile.shows}
            catalog={catalog}
            moment={moment}
            onChange={(view) => onChange({ ...tile, view })}
          />
        </div>
      )}
    </SidePanel>
  );
}
