import { Button } from "@finops/ui/primitives/button";
import { Menu } from "@finops/ui/primitives/menu";
import { ArrowDown, ArrowUp, CopyPlus, Ellipsis, Pencil, Trash2 } from "lucide-react";

interface PartMenuProps {
  /** Of the tile or the item, for those who hear it. */
  name: string;
  onEdit: () => void;
  onDuplicate: () => void;
  onMove: (way: "up" | "down") => void;
  onRemove: () => void;
}

/** What can be done with one part of a document that is being changed. */
export function PartMenu({ name, onEdit, onDuplicate, onMove, onRemove }: PartMenuProps) {
  return (
    <Menu
      trigger={
        <Button kind="quiet" icon={<Ellipsis size={16} aria-hidden />} aria-label={`More for ${name}`} title="More" />
      }
      groups={[
        {
          actions: [
            { id: "edit", label: "Change", icon: <Pencil size={14} aria-hidden />, onSelect: onEdit },
            { id: "copy", label: "Duplicate", icon: <CopyPlus size={14} aria-hidden />, onSelect: onDuplicate },
            { id: "up", label: "Move up", icon: <ArrowUp size={14} aria-hidden />, onSelect: () => onMove("up") },
            {
              id: "down",
              label: "Move down",
              icon: <ArrowDown size={14} aria-hidden />,
              onSelect: () => onMove("down"),
            },
          ],
        },
        {
          actions: [
            {
              id: "remove",
              label: "Remove",
              icon: <Trash2 size={14} aria-hidden />,
              isDangerous: true,
              onSelect: onRemove,
            },
          ],
        },
      ]}
    />
  );
}
