import { statusRanges, type StatusFilter } from '@boocontrol/contracts';

/** Whether `status_code` passes any of the filters, as SQL; made from the definition that everything else uses. */
export function passesStatusSql(filters: readonly StatusFilter[]): string {
  const ranges = filters.flatMap(statusRanges);
  if (ranges.length === 0) return 'false';
  return `(${ranges.map(([from, to]) => (from === to ? `status_code = ${from}` : `status_code BETWEEN ${from} AND ${to}`)).join(' OR ')})`;
}
