import { lazy } from "react";
import { late } from "../late.tsx";

/** The form of a view, which only those load who change one. */
export const ViewForm = late(
  lazy(async () => ({ default: (await import("./view-form.tsx")).ViewForm })),
  "h-[480px]",
);
