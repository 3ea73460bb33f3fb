import type { ask } from '../asking/ask.js';
import type { grade } from '../grading/grade.js';

/** How items are asked and answers graded. */
export interface Engine {
  ask: typeof ask;
  grade: typeof grade;
}

/** Injection token of Engine. */
export const ENGINE = Symbol('ENGINE');
