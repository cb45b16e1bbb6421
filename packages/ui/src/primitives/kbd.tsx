/** The keys that do it. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <kbd className="inline-flex min-w-5 items-center justify-center rounded-sm border border-line-strong bg-surface-2 px-1 font-sans text-xs text-text-2">
      {keys}
    </kbd>
  );
}
