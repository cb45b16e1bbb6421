import { X } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { joinClasses } from "../text/join-classes.ts";
import { Button } from "./button.tsx";

interface SidePanelProps {
  title: ReactNode;
  about?: ReactNode;
  onClose: () => void;
  /** Buttons that stay at the foot. */
  footer?: ReactNode;
  children: ReactNode;
}

const widthMin = 320;
const widthMax = 880;
const key = "side-panel-width";

/**
 * Details beside what they explain. It stands as the last child of a row (`flex`), pushes and never covers; on a phone it
 * has the whole screen. Takes the focus when it opens and gives it back; Escape closes.
 */
export function SidePanel({ title, about, onClose, footer, children }: SidePanelProps) {
  const titleId = useId();
  const panel = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(() => clamp(Number(localStorage.getItem(key) ?? 460)));
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  const resize = (next: number) => {
    const clamped = clamp(next);
    localStorage.setItem(key, String(clamped));
    setWidth(clamped);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // What opened inside of it (a menu, a picker) has taken its own Escape already.
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.stopPropagation();
    onClose();
  };
  return (
    <aside
      ref={panel}
      aria-labelledby={titleId}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      className="appear relative flex shrink-0 flex-col border-l border-line bg-surface-1 outline-none max-md:fixed max-md:inset-0 max-md:z-40 max-md:!w-full md:sticky md:top-0 md:h-dvh"
      style={{ width }}
    >
      <Grip width={width} onResize={resize} />
      <header className="flex items-start gap-3 border-b border-line px-4 py-3">
        <div className="min-w-0 flex-1">
          <h2 id={titleId} className="truncate text-base font-semibold" dir="auto">
            {title}
          </h2>
          {about !== undefined && <p className="text-xs text-text-2">{about}</p>}
        </div>
        <Button
          kind="quiet"
          icon={<X size={16} aria-hidden />}
          aria-label="Close the panel"
          title="Close (Esc)"
          onClick={onClose}
        />
      </header>
      {/* Who has no pointer scrolls it by the keyboard, also where nothing in it takes the focus. */}
      <div
        role="group"
        aria-labelledby={titleId}
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto p-4 -outline-offset-2"
      >
        {children}
      </div>
      {footer !== undefined && (
        <footer className="flex flex-wrap gap-2 border-t border-line px-4 py-3">{footer}</footer>
      )}
    </aside>
  );
}

function Grip({ width, onResize }: { width: number; onResize: (width: number) => void }) {
  const start = useRef<{ x: number; width: number } | null>(null);
  const [isMoving, setIsMoving] = useState(false);
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture?.(event.pointerId);
    start.current = { x: event.clientX, width };
    setIsMoving(true);
  };
  const onPointerMove = (event: PointerEvent) => {
    if (start.current !== null) onResize(start.current.width + start.current.x - event.clientX);
  };
  const onPointerUp = () => {
    start.current = null;
    setIsMoving(false);
  };
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the panel"
      aria-valuemin={widthMin}
      aria-valuemax={widthMax}
      aria-valuenow={width}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onKeyDown={(event) => {
        const step = event.key === "ArrowLeft" ? 24 : event.key === "ArrowRight" ? -24 : 0;
        if (step === 0) return;
        event.preventDefault();
        onResize(width + step);
      }}
      className={joinClasses(
        "absolute inset-y-0 -left-1 z-10 w-2 cursor-col-resize touch-none hover:bg-accent-soft max-md:hidden",
        isMoving && "bg-accent-soft",
      )}
    />
  );
}

function clamp(width: number): number {
  const room = window.innerWidth - 360;
  return Math.round(
    Math.max(widthMin, Math.min(widthMax, Math.max(widthMin, room), Number.isFinite(width) ? width : 460)),
  );
}
