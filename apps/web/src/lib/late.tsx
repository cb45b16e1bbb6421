import { Skeleton } from "@finops/ui/states/skeleton";
import { type ComponentType, createElement, type LazyExoticComponent, Suspense } from "react";

/** A block that is loaded when it is drawn, with a skeleton of its size in its place until then. */
export function late<Props extends object>(Block: LazyExoticComponent<ComponentType<Props>>, sizeClass: string) {
  return function LateBlock(props: Props) {
    return (
      <Suspense fallback={<Skeleton className={`appear-late w-full ${sizeClass}`} />}>
        {createElement(Block as ComponentType<Props>, props)}
      </Suspense>
    );
  };
}
