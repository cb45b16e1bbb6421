import type { Printer } from "@finops/capabilities/schedules/index";
import { AppError } from "@finops/kernel/app-error";

/** A Worker has no fonts and no native code to print with. */
export const noPrinter: Printer = { png: refuse, pdf: refuse };

function refuse(): never {
  throw new AppError(
    "precondition",
    "PDF is not made on this host. Print from the browser, or use a host that runs on Node.",
  );
}
