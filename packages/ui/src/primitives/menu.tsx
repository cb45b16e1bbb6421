import { DropdownMenu } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { joinClasses } from "../text/join-classes.ts";
import { menuItemClasses, menuPanelClasses } from "./menu-style.tsx";

export interface MenuAction {
  id: string;
  label: string;
  /** What it will do, where the label does not say all. */
  about?: string;
  icon?: ReactNode;
  /** The keys that do the same. */
  keys?: string;
  isDangerous?: boolean;
  isDisabled?: boolean;
  onSelect: () => void;
}

export interface MenuGroup {
  label?: string;
  actions: readonly MenuAction[];
}

interface MenuProps {
  trigger: ReactElement;
  groups: readonly MenuGroup[];
  align?: "start" | "end";
}

/** Actions behind a button. Arrows move, typing finds, Enter takes. */
export function Menu({ trigger, groups, align = "end" }: MenuProps) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align={align} sideOffset={4} collisionPadding={8} className={menuPanelClasses}>
          {groups
            .filter((group) => group.actions.length > 0)
            .map((group, index) => (
              <DropdownMenu.Group key={group.label ?? index}>
                {index > 0 && <DropdownMenu.Separator className="my-1 h-px bg-line" />}
                {group.label !== undefined && (
                  <DropdownMenu.Label className="px-2 pt-1.5 pb-1 text-xs font-medium text-text-3">
                    {group.label}
                  </DropdownMenu.Label>
                )}
                {group.actions.map((action) => (
                  <Item key={action.id} action={action} />
                ))}
              </DropdownMenu.Group>
            ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Item({ action }: { action: MenuAction }) {
  return (
    <DropdownMenu.Item
      disabled={action.isDisabled === true}
      onSelect={action.onSelect}
      className={joinClasses(
        menuItemClasses,
        "data-[disabled]:text-text-3",
        action.isDangerous === true ? "text-negative" : "text-text-1",
      )}
    >
      {action.icon !== undefined && <span className="mt-0.5 shrink-0 text-text-3">{action.icon}</span>}
      <span className="min-w-0 flex-1">
        <span className="block truncate">{action.label}</span>
        {action.about !== undefined && <span className="block text-xs text-text-2">{action.about}</span>}
      </span>
      {action.keys !== undefined && <span className="ml-4 shrink-0 text-xs text-text-3">{action.keys}</span>}
    </DropdownMenu.Item>
  );
}
