import { importJob, reprocessJob } from "@finops/capabilities/sources/index";
import { decimal, sumDecimals } from "@finops/kernel/decimal";
