/** What a charge row shows until somebody chooses: when, what, how much, whose. */
export const defaultColumns = [
  "chargePeriodStart",
  "serviceName",
  "chargeDescription",
  "billedCost",
  "effectiveCost",
  "listCost",
  "billingCurrency",
  "subAccountId",
  "regionId",
  "resourceId",
  "chargeCategory",
  "consumedQuantity",
  "consumedUnit",
];
