import type { BillFormat } from "../format.ts";
import { cur2 } from "./formats/cur-2/cur-2.ts";
import { curLegacy } from "./formats/cur-legacy/cur-legacy.ts";

export const awsFormats: readonly BillFormat[] = [curLegacy, cur2];
