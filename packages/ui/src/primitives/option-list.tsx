import { useVirtualizer } from "@tanstack/react-virtual";
import { Check } from "lucide-react";
import { useEffect, useRef } from "react";
import { joinClasses } from "../text/join-classes.ts";
import type { Option } from "./combobox.tsx";

interface OptionListProps {
  /** Of the list; its options are `<id>-<index>`, for the field that moves through them. */
  id: string;
  label: string;
  options: readonly Option[];
  values: readonly string[];
  active: number;
  isMulti: boolean;
  onToggle: (option: Option) => void;
  onPoint: (index: number) => void;
}

const optionHeight = 32;

/** The options in view out of thousands. */
export function OptionList({ id, label, options, values, active, isMulti, onToggle, onPoint }: OptionListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: options.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => optionHeight,
    overscan: 6,
    initialRect: { width: 320, height: 288 },
  });
  useEffect(() => {
    if (active < options.length) virtual.scrollToIndex(active, { align: "auto" });
  }, [active, options.length, virtual]);
  const chosen = new Set(values);
  return (
    <div
      ref={scroller}
      id={id}
      role="listbox"
      aria-label={label}
      aria-multiselectable={isMulti}
      tabIndex={-1}
      className="max-h-72 overflow-y-auto outline-none"
    >
      <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const option = options[index]!;
          const isChosen = chosen.has(option.value);
          return (
            <div
              key={option.value}
              id={`${id}-${index}`}
              role="option"
              aria-selected={isChosen}
              aria-setsize={options.length}
              aria-posinset={index + 1}
              onClick={() => onToggle(option)}
              onPointerMove={() => onPoint(index)}
              className={joinClasses(
                "absolute inset-x-0 flex h-8 cursor-pointer items-center gap-2 rounded-md px-2",
                index === active && "bg-surface-3",
              )}
              style={{ top: start }}
            >
              <Check size={14} aria-hidden className={isChosen ? "shrink-0 text-accent" : "invisible shrink-0"} />
              <bdi className="min-w-0 flex-1 truncate" title={option.label}>
                {option.label === "" ? <i className="text-text-2">(empty)</i> : option.label}
              </bdi>
              {option.note !== undefined && <span className="shrink-0 text-xs text-text-2">{option.note}</span>}
            </div>
          );
        })}
      </div>
    </div>
  );
}
