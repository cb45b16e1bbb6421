import type { ReactNode } from "react";
import { joinClasses } from "../text/join-classes.ts";

interface BadgeProps {
  tone?: "neutral" | "accent" | "good" | "warning" | "bad";
  icon?: ReactNode;
  title?: string;
  children: ReactNode;
}

const tones = {
  neutral: "bg-surface-3 text-text-2",
  accent: "bg-accent-soft text-accent",
  good: "bg-positive-soft text-positive",
  warning: "bg-warning-soft text-warning",
  bad: "bg-negative-soft text-negative",
};

/** A state in a word; the colour only repeats it. */
export function Badge({ tone = "neutral", icon, title, children }: BadgeProps) {
  return (
    <span
      title={title}
      className={joinClasses(
        "inline-flex h-5 max-w-full items-center gap-1 rounded-sm px-1.5 text-xs font-medium whitespace-nowrap",
        tones[tone],
      )}
    >
      {icon}
      <span className="truncate">{children}</span>
    </span>
  );
}
