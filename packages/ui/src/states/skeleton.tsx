import { joinClasses } from "../text/join-classes.ts";

/** Stands where something will, in its true size, so that nothing jumps. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={joinClasses("skeleton", className)} />;
}
