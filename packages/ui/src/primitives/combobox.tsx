import { ChevronDown, Search } from "lucide-react";
import { type ReactNode, useEffect, useId, useState } from "react";
import { Button } from "./button.tsx";
import { OptionList } from "./option-list.tsx";
import { Popover } from "./popover.tsx";
import { TextField } from "./text-field.tsx";

export interface Option {
  value: string;
  label: string;
  /** At the right end: cost or count. */
  note?: ReactNode;
}

interface ComboboxProps {
  /** What is chosen, in a word: names the button and the list. */
  label: string;
  values: readonly string[];
  /** Told at every tick; one value when `isMulti` is false. */
  onChange: (values: string[]) => void;
  /** All of them, where they are few enough to be here. Found by what the label contains. */
  options?: readonly Option[];
  /** Or the server finds them: asked with an empty text first, then 150 ms after the last key. */
  search?: (text: string, signal: AbortSignal) => Promise<readonly Option[]>;
  isMulti?: boolean;
  placeholder?: string;
  icon?: ReactNode;
  /** What the button says while nothing is chosen; empty for a button that only adds. */
  none?: string;
}

/** One or more out of thousands, found by typing. Only the options in view are drawn. */
export function Combobox(props: ComboboxProps) {
  const { label, values, onChange, isMulti = true, placeholder, icon, none = "any", ...source } = props;
  const [isOpen, setIsOpen] = useState(false);
  const shown = values.length === 0 ? none : values.length === 1 ? values[0]! : `${values.length} chosen`;
  return (
    <Popover
      label={label}
      isOpen={isOpen}
      onOpen={setIsOpen}
      className="flex w-80 flex-col overflow-hidden"
      trigger={
        <Button icon={icon}>
          <span className="font-normal text-text-2">{label}</span>
          {shown !== "" && <bdi className="max-w-44 truncate">{shown}</bdi>}
          <ChevronDown size={14} aria-hidden className="-mr-0.5 text-text-3" />
        </Button>
      }
    >
      <Finder
        {...source}
        label={label}
        values={values}
        isMulti={isMulti}
        placeholder={placeholder ?? `Find ${label.toLowerCase()}`}
        onChange={(next) => {
          onChange(next);
          if (!isMulti) setIsOpen(false);
        }}
      />
    </Popover>
  );
}

type FinderProps = Required<Pick<ComboboxProps, "label" | "values" | "onChange" | "isMulti" | "placeholder">> &
  Pick<ComboboxProps, "options" | "search">;

function Finder({ label, values, onChange, isMulti, placeholder, options, search }: FinderProps) {
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const listId = useId();
  const answer = useOptions(text, options, search);
  const toggle = (option: Option) => {
    if (!isMulti) return onChange([option.value]);
    onChange(values.includes(option.value) ? values.filter((one) => one !== option.value) : [...values, option.value]);
  };
  return (
    <>
      <div className="p-1">
        <TextField
          label={placeholder}
          isLabelHidden
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={answer.options.length > 0 ? `${listId}-${active}` : undefined}
          placeholder={placeholder}
          icon={<Search size={14} />}
          value={text}
          onChange={(next) => {
            setText(next);
            setActive(0);
          }}
          onKeyDown={(event) => {
            const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
            if (event.key === "Enter" && answer.options[active] !== undefined) {
              event.preventDefault();
              toggle(answer.options[active]);
            }
            if (step === 0) return;
            event.preventDefault();
            setActive(Math.max(0, Math.min(answer.options.length - 1, active + step)));
          }}
        />
      </div>
      <OptionList
        id={listId}
        label={label}
        options={answer.options}
        values={values}
        active={active}
        isMulti={isMulti}
        onToggle={toggle}
        onPoint={setActive}
      />
      {answer.options.length === 0 && (
        <p className="px-3 py-4 text-text-2" role="status">
          {answer.isBusy
            ? "Searching"
            : answer.failure === null
              ? `Nothing has “${text}” in its name.`
              : `The values could not be loaded. ${answer.failure}`}
        </p>
      )}
      {isMulti && values.length > 0 && (
        <div className="mt-1 border-t border-line pt-1">
          <Button kind="quiet" className="w-full" onClick={() => onChange([])}>
            Clear {values.length} chosen
          </Button>
        </div>
      )}
    </>
  );
}

function useOptions(text: string, options: ComboboxProps["options"], search: ComboboxProps["search"]) {
  const [answer, setAnswer] = useState<{ text: string | null; options: readonly Option[]; failure: string | null }>({
    text: null,
    options: [],
    failure: null,
  });
  const wanted = text.trim();
  useEffect(() => {
    if (search === undefined) return;
    const stop = new AbortController();
    const timer = setTimeout(
      () => {
        search(wanted, stop.signal).then(
          (found) => !stop.signal.aborted && setAnswer({ text: wanted, options: found, failure: null }),
          (error: unknown) =>
            !stop.signal.aborted &&
            setAnswer({ text: wanted, options: [], failure: error instanceof Error ? error.message : String(error) }),
        );
      },
      wanted === "" ? 0 : 150,
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [wanted, search]);
  if (search !== undefined) return { ...answer, isBusy: answer.text !== wanted };
  const lower = wanted.toLowerCase();
  return {
    options: (options ?? []).filter((option) => option.label.toLowerCase().includes(lower)),
    failure: null,
    isBusy: false,
  };
}
