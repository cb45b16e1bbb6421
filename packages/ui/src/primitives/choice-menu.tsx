import { ChevronDown } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { MenuItemText, menuItemClasses, menuPanelClasses } from "./menu-style.tsx";

export interface Choice<T extends string> {
  value: T;
  label: string;
  about?: string;
}

interface ChoiceMenuProps<T extends string> {
  /** What is chosen, in a word: it stands before the value and names the button. */
  label: string;
  value: T;
  choices: readonly Choice<T>[];
  onChoose: (value: T) => void;
  icon?: ReactNode;
}

/** One of a few, behind a button that always says which. */
export function ChoiceMenu<T extends string>({ label, value, choices, onChoose, icon }: ChoiceMenuProps<T>) {
  const chosen = choices.find((choice) => choice.value === value);
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <Button icon={icon}>
          <span className="font-normal text-text-2">{label}</span>
          <span className="max-w-44 truncate">{chosen?.label ?? value}</span>
          <ChevronDown size={14} aria-hidden className="-mr-0.5 text-text-3" />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="start" sideOffset={4} collisionPadding={8} className={menuPanelClasses}>
          <DropdownMenu.RadioGroup value={value} onValueChange={(next) => onChoose(next as T)}>
            {choices.map((choice) => (
              <DropdownMenu.RadioItem key={choice.value} value={choice.value} className={menuItemClasses}>
                <MenuItemText isChosen={choice.value === value} label={choice.label} about={choice.about} />
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
