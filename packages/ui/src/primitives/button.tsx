import type { ComponentProps, ReactNode } from "react";
import { joinClasses } from "../text/join-classes.ts";

interface ButtonProps extends Omit<ComponentProps<"button">, "children"> {
  kind?: "primary" | "plain" | "quiet" | "danger";
  icon?: ReactNode;
  children?: ReactNode;
}

const kinds = {
  primary: "bg-accent text-on-accent border-transparent hover:opacity-90",
  plain: "bg-surface-1 text-text-1 border-line-strong hover:bg-surface-2",
  quiet: "bg-transparent text-text-2 border-transparent hover:bg-surface-3 hover:text-text-1",
  danger: "bg-surface-1 text-negative border-line-strong hover:bg-negative-soft",
};

export function Button({ kind = "plain", icon, children, className, type = "button", ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={joinClasses(
        "inline-flex h-8 shrink-0 items-center justify-center gap-1.5 rounded-md border text-sm font-medium whitespace-nowrap transition-colors duration-[120ms] disabled:opacity-50",
        children === undefined ? "w-8" : "px-2.5",
        kinds[kind],
        className,
      )}
      {...rest}
    >
      {icon}
      {children}
    </button>
  );
}
