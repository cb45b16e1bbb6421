import { Search } from "lucide-react";
import { Dialog } from "radix-ui";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useState } from "react";
import { joinClasses } from "../text/join-classes.ts";
import { fuzzyFilter } from "./fuzzy.ts";
import { Kbd } from "./kbd.tsx";

export interface Command {
  id: string;
  label: string;
  /** "Pages", "Services", "Saved views": groups come in the order of their first command. */
  group: string;
  /** Other words by which it is found. */
  words?: string;
  about?: string;
  icon?: ReactNode;
  keys?: string;
  onRun: () => void;
}

interface CommandPaletteProps {
  isOpen: boolean;
  onClose: () => void;
  commands: readonly Command[];
  /** Asks the server for more, 150 ms after the last key; what it finds stands below the commands. */
  search?: (text: string, signal: AbortSignal) => Promise<readonly Command[]>;
  placeholder?: string;
}

const recentKey = "commands-recent";
const shownMax = 60;

/** Every place and every action by a few letters. What was used last comes first. */
export function CommandPalette({ isOpen, onClose, ...rest }: CommandPaletteProps) {
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="appear fixed inset-0 z-50 bg-[rgb(0_0_0/0.4)]" />
        <Dialog.Content
          aria-describedby={undefined}
          className="appear fixed top-[12vh] left-1/2 z-50 flex max-h-[70vh] w-[min(620px,calc(100vw-24px))] -translate-x-1/2 flex-col overflow-hidden rounded-lg border border-line-strong bg-surface-1 shadow-[0_16px_48px_rgb(0_0_0/0.24)]"
        >
          <Dialog.Title className="sr-only">Commands</Dialog.Title>
          <Palette {...rest} onClose={onClose} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Palette({
  commands,
  search,
  placeholder = "Go to, find or do",
  onClose,
}: Omit<CommandPaletteProps, "isOpen">) {
  const listId = useId();
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const { found, isSearching } = useSearch(text, search);
  const shown = useMemo(() => arrange(commands, found, text), [commands, found, text]);
  const now = Math.min(active, shown.length - 1);
  const run = (command: Command) => {
    remember(command.id);
    onClose();
    command.onRun();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Enter" && shown[now] !== undefined) run(shown[now]);
    if (step === 0 || shown.length === 0) return;
    event.preventDefault();
    const next = (now + step + shown.length) % shown.length;
    setActive(next);
    document.getElementById(`${listId}-${next}`)?.scrollIntoView?.({ block: "nearest" });
  };
  return (
    <>
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Search size={16} aria-hidden className="shrink-0 text-text-3" />
        <input
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={shown.length > 0 ? `${listId}-${now}` : undefined}
          aria-label={placeholder}
          placeholder={placeholder}
          value={text}
          dir="auto"
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          className="h-12 w-full bg-transparent text-base outline-none placeholder:text-text-3"
        />
        <Kbd keys="Esc" />
      </div>
      <div
        id={listId}
        role="listbox"
        aria-label="Commands"
        aria-busy={isSearching}
        tabIndex={-1}
        className="min-h-0 flex-1 overflow-y-auto p-1"
      >
        {shown.map((command, index) => (
          <div key={command.id} role="presentation">
            {command.group !== shown[index - 1]?.group && (
              <div className="px-3 pt-2 pb-1 text-xs font-medium text-text-3">{command.group}</div>
            )}
            <div
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === now}
              onClick={() => run(command)}
              onPointerMove={() => setActive(index)}
              className={joinClasses(
                "flex min-h-9 cursor-pointer items-center gap-3 rounded-md px-3 py-1.5 text-sm",
                index === now && "bg-surface-3",
              )}
            >
              {command.icon !== undefined && <span className="shrink-0 text-text-3">{command.icon}</span>}
              <span className="min-w-0 flex-1">
                <bdi className="block truncate">{command.label}</bdi>
                {command.about !== undefined && (
                  <span className="block truncate text-xs text-text-2">{command.about}</span>
                )}
              </span>
              {command.keys !== undefined && <Kbd keys={command.keys} />}
            </div>
          </div>
        ))}
        {shown.length === 0 && (
          <p className="px-3 py-6 text-center text-sm text-text-2">
            {isSearching ? "Searching" : `Nothing answers to “${text}”.`}
          </p>
        )}
      </div>
    </>
  );
}

function arrange(commands: readonly Command[], found: readonly Command[], text: string): Command[] {
  if (text.trim() === "") {
    const recent = recentIds().flatMap((id) => {
      const command = commands.find((one) => one.id === id);
      return command === undefined ? [] : [{ ...command, group: "Recent" }];
    });
    const others = commands.filter((command) => !recent.some((one) => one.id === command.id));
    return [...recent, ...byGroup(others)].slice(0, shownMax);
  }
  const own = fuzzyFilter(commands, text, (command) => `${command.label} ${command.words ?? ""}`);
  return byGroup([...own, ...found.filter((one) => !own.some((other) => other.id === one.id))]).slice(0, shownMax);
}

/** Commands of a group side by side; the group with the best answer first. */
function byGroup(commands: readonly Command[]): Command[] {
  const groups = new Map<string, Command[]>();
  for (const command of commands) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  return [...groups.values()].flat();
}

function useSearch(text: string, search: CommandPaletteProps["search"]) {
  const [answer, setAnswer] = useState<{ text: string; found: readonly Command[] }>({ text: "", found: [] });
  const wanted = text.trim();
  useEffect(() => {
    if (search === undefined || wanted === "") return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      search(wanted, stop.signal).then(
        (found) => !stop.signal.aborted && setAnswer({ text: wanted, found }),
        // The commands themselves still answer.
        () => !stop.signal.aborted && setAnswer({ text: wanted, found: [] }),
      );
    }, 150);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [wanted, search]);
  return {
    found: wanted === "" ? [] : answer.found,
    isSearching: search !== undefined && wanted !== "" && answer.text !== wanted,
  };
}

function recentIds(): string[] {
  const stored: unknown = JSON.parse(localStorage.getItem(recentKey) ?? "[]");
  return Array.isArray(stored) ? stored.filter((id) => typeof id === "string").slice(0, 5) : [];
}

function remember(id: string): void {
  localStorage.setItem(recentKey, JSON.stringify([id, ...recentIds().filter((one) => one !== id)].slice(0, 5)));
}
