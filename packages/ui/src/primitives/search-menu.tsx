import { ChevronDown, Search } from "lucide-react";
import { Popover } from "radix-ui";
import { type KeyboardEvent, type ReactNode, useId, useState } from "react";
import { joinClasses } from "../text/join-classes.ts";
import { Button } from "./button.tsx";
import { MenuItemText, menuPanelClasses } from "./menu-style.tsx";

export interface SearchChoice {
  value: string;
  label: string;
  group: string;
}

interface SearchMenuProps {
  label: string;
  value: string;
  valueLabel: string;
  choices: readonly SearchChoice[];
  onChoose: (value: string) => void;
  placeholder: string;
  icon?: ReactNode;
}

const shownMax = 200;

/** One of many (dimensions, tag keys), found by typing. Arrows move, Enter takes, Escape leaves. */
export function SearchMenu({ label, value, valueLabel, choices, onChoose, placeholder, icon }: SearchMenuProps) {
  const [isOpen, setIsOpen] = useState(false);
  const choose = (next: string) => {
    onChoose(next);
    setIsOpen(false);
  };
  return (
    <Popover.Root open={isOpen} onOpenChange={setIsOpen}>
      <Popover.Trigger asChild>
        <Button icon={icon}>
          <span className="font-normal text-text-2">{label}</span>
          <span className="max-w-44 truncate">{valueLabel}</span>
          <ChevronDown size={14} aria-hidden className="-mr-0.5 text-text-3" />
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
          className={joinClasses(menuPanelClasses, "flex w-72 flex-col overflow-hidden p-0")}
        >
          <SearchList value={value} choices={choices} placeholder={placeholder} onChoose={choose} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function SearchList({
  value,
  choices,
  placeholder,
  onChoose,
}: Pick<SearchMenuProps, "value" | "choices" | "placeholder" | "onChoose">) {
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const listId = useId();
  const wanted = text.trim().toLowerCase();
  const found = choices
    .filter((choice) => choice.label.toLowerCase().includes(wanted) || choice.value.toLowerCase().includes(wanted))
    .slice(0, shownMax);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      const next = Math.max(0, Math.min(found.length - 1, active + step));
      setActive(next);
      document.getElementById(`${listId}-${next}`)?.scrollIntoView({ block: "nearest" });
    }
    if (event.key === "Enter" && found[active] !== undefined) onChoose(found[active].value);
  };
  return (
    <>
      <div className="flex items-center gap-2 border-b border-line px-3">
        <Search size={14} aria-hidden className="text-text-3" />
        <input
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={found.length > 0 ? `${listId}-${active}` : undefined}
          aria-label={placeholder}
          value={text}
          placeholder={placeholder}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          className="h-9 w-full bg-transparent text-sm outline-none placeholder:text-text-3"
        />
      </div>
      <div
        id={listId}
        role="listbox"
        aria-label={placeholder}
        tabIndex={-1}
        className="min-h-0 flex-1 overflow-y-auto p-1"
      >
        {found.map((choice, index) => (
          <div key={choice.value}>
            {choice.group !== found[index - 1]?.group && (
              <div className="px-2 pt-2 pb-1 text-xs font-medium text-text-3">{choice.group}</div>
            )}
            <div
              id={`${listId}-${index}`}
              role="option"
              aria-selected={choice.value === value}
              onClick={() => onChoose(choice.value)}
              onMouseMove={() => setActive(index)}
              className={joinClasses(
                "flex cursor-pointer items-start gap-2 rounded-md px-2 py-1.5",
                index === active && "bg-surface-3",
              )}
            >
              <MenuItemText isChosen={choice.value === value} label={choice.label} />
            </div>
          </div>
        ))}
        {found.length === 0 && <p className="px-3 py-4 text-text-2">Nothing has “{text}” in its name.</p>}
      </div>
    </>
  );
}
