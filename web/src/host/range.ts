import type { RangeRules } from '../browser/range';

/** Of the drawer and the page of a host. Readings are kept for weeks, not for all time. */
export const HOST_RANGE: RangeRules = { fallback: '1h', presets: ['15m', '1h', '6h', '24h', '7d', '30d'] };
