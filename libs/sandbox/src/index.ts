export { canaryTable } from './canaries/table.js';
export type { CanaryReport, CanaryRow } from './canaries/run.js';
export { openSandboxes } from './open.js';
export type { OpenedSandboxes, OpenOptions, Refused } from './open.js';
export { DEFAULT_LIMITS } from './types.js';
export type { SandboxBackend, SandboxJob, SandboxLimits, SandboxOutcome, SandboxResult } from './types.js';
