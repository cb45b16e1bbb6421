// Figures read alike on screens, in mails and on paper, so one file prints them all; the server has it too.
export {
  formatBytes,
  formatCount,
  formatDuration,
  formatMoney,
  formatMoneyExact,
  formatMoneyShort,
  formatPercent,
  formatUnitPrice,
} from "@finops/kernel/format-figure";
