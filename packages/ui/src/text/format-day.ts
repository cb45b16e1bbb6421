// The words of days and periods are the same on screens, in mails and on paper.
export { formatAgo, formatDay, formatInstant, formatPeriod } from "@finops/kernel/format-day";
