export { measure, type MeasureEvent, type MeasureOptions } from './run/measure.js';
