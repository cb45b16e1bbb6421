import { bill } from "../../testing/bill.ts";

/** Two months of a small company, with what makes queries hard: no values, two currencies, credits, twins, long decimals. */
export const companyBill = bill`
  day         provider             account  service  region      category  currency  resource  cost                              list     tag:team  tag:env  x_Project  ConsumedUnit  ConsumedQuantity
  2026-01-01  Amazon Web Services  a1       EC2      us-east-1   Usage     USD       i-1       10.00000000000000000000000001     14       web       prod     apollo     Hours         24
  2026-01-01  Amazon Web Services  a1       EC2      us-east-1   Usage     USD       i-1       10.00000000000000000000000001     14       web       prod     apollo     Hours         24
  2026-01-02  AWS                  a1       S3       us-east-1   Usage     USD       b-1       0.1                               0.1      web       -        -          GB            5
  2026-01-15  AWS                  a2       EC2      eu-west-1   Usage     USD       i-2       20                                -        data      prod     apollo     Hours         48
  2026-01-15  AWS                  a2       EC2      eu-west-1   Credit    USD       i-2       -5                                -        data      prod     -          -             -
  2026-01-31  Microsoft            s1       VM       westeurope  Usage     EUR       vm-1      7.5                               8        -         dev      -          Hours         10
  2026-02-01  AWS                  a1       EC2      us-east-1   Usage     USD       i-1       30                                40       web       prod     apollo     Hours         72
  2026-02-10  Microsoft            s1       VM       westeurope  Usage     EUR       vm-1      12345678901.123456789             -        ops       dev      -          Hours         20
  2026-02-11  Oracle               -        Tax      -           Tax       USD       -         1                                 -        -         -        -          -             -
`;

export const january = { start: "2026-01-01", end: "2026-02-01" };
export const february = { start: "2026-02-01", end: "2026-03-01" };
export const bothMonths = { start: "2026-01-01", end: "2026-03-01" };
