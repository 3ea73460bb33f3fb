export { measure, type MeasureEvent, type MeasureOptions } from './run/measure.js';
export { SuiteSchema, type Suite, type SuiteInput } from './suite/suite.js';
export { ResultSchema, type Cell, type Result } from './run/result.js';
export type { Sample } from './run/sample.js';
