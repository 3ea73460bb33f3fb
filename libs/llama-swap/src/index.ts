export { HostClient, type ActivityPageAnswer, type PerformanceAnswer } from './client.js';
export { HostCommands, type Profile, type UpstreamCall } from './commands.js';
export type { CommandResult, Refusal, RefusalReason } from './command-result.js';
export { HostError, type HostErrorCode } from './errors.js';
export { HostHttp, type Answer, type AskOptions, type HttpOptions } from './http.js';
export type { HostEvent } from './frames.js';
export type { InflightNow } from './inflight.js';
export { cleanText, isObject, readEach, Strange, type BadItem, type Json } from './loose.js';
export type { WireModel } from './models.js';
export type { HostRow } from './rows.js';
export type { RunningModel } from './running.js';
export { fitCapture, type CaptureContent } from './captures.js';
export { comparable, LineAssembler, newLogLines, type HostLogLine } from './logs.js';
export type { LogChunks } from './model-log.js';
export { mergePerf, perfIntervalMs } from './merge-perf.js';
export type { GpuReading, PerfMarks, PerfSample, SysReading } from './perf.js';
export { dispatchIdOf, sourceOf } from './source.js';
export { readMembers, textOf, type MemberVisitor } from './prompts/json-reader.js';
export { isUser, partOf, promptParts, readsPrompt, TEXT, type Part } from './prompts/parts.js';
export { printOf, type Print, type Segment } from './prompts/segments.js';
export { sessionNameOf, sessionOf } from './prompts/session.js';
export { prefixInputsOf } from './prompts/inputs.js';
export {
  PROMPT_MAX_BYTES,
  printOfMessage,
  promptOfCapture,
  type CapturedRequest,
} from './prompts/captured.js';
export { hostTime, type HostTime } from './time.js';
export { hasTimings } from './timings.js';
export { hasOwnLog, modelPath } from './model-path.js';
