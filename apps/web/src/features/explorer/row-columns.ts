/** What a charge row shows until somebody chooses: when, what, whose, how much. */
export const defaultColumns = [
  "chargePeriodStart",
  "serviceName",
  "chargeDescription",
  "subAccountId",
  "regionId",
  "resourceId",
  "chargeCategory",
  "consumedQuantity",
  "consumedUnit",
  "listCost",
  "effectiveCost",
  "billedCost",
  "billingCurrency",
];
