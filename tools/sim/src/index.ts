export { createSimHost, type SimHost } from './sim-host.js';
export { createModelServer, type ModelServer } from './model-server.js';
export type { SimHostState } from './host-state.js';
export type { ActivityRow, LedgerRow, TokenFigures } from './engine/activity-row.js';
export type { CommandKind, LedgerCommand } from './commands.js';
export type { FaultPatch, Faults } from './faults.js';
export type { Generation, SimHostInput } from './options.js';
export type { WrittenAnswer } from './llama/writes.js';
export type { QuickRowsInput } from './quick-rows.js';
export { DEMO_HOSTS } from './demo-hosts.js';
export type { WallClock } from './core/sim-time.js';
export {
  createSimService,
  type ListAnswer,
  type SimService,
  type SimServiceInput,
} from './service/sim-service.js';
export { AnswerBook, skilled } from './skill/book.js';
export type { Answers, Question, Scripted } from './skill/question.js';
