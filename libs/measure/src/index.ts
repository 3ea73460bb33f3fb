export { measure } from './run/measure.js';
export { openSession } from './run/session.js';
export type { Spent } from './run/limits.js';
export type { Next } from './run/plan.js';
export type { Compared } from './compare/compare.js';
export type { Estimated } from './run/estimate.js';
export type { CellOptions, MeasuredCell, MeasureEvent, Session, SessionOptions } from './run/session.js';
export { preset, PRESET_NAMES } from './suite/presets.js';
export { canonical, suiteHash } from './suite/suite.js';
