export { jobEvents, jobFacts } from './jobs.js';
export { chat, MODEL, Stage, type StagedHost } from './stage.js';
export { openGround, World, type Ground } from './world.js';
