import type { PrefixCause, PrefixDrift, PrefixMark } from '@boocontrol/contracts';
import type { Segment } from '@boocontrol/llama-swap';
import type { Line, Parted } from './line.js';

/** A prompt held against what its session sent before. */
export interface Comparison {
  relation: Exclude<PrefixMark['relation'], 'first'>;
  /** Of the segments that both begin with. */
  sameBytes: number;
  /** Of a drift. */
  change: Change | null;
}

interface Change {
  cause: PrefixCause;
  first: NonNullable<PrefixDrift['firstChangedSegment']>;
  /** In words, without what the client declared. */
  inputs: string[];
}

const sum = (segments: readonly Segment[]): number => segments.reduce((bytes, each) => bytes + each.bytes, 0);

/**
 * @param isNamed the client says that it is one session; else only its first message does
 * @returns null: it is another conversation
 */
export function compare(line: Line, print: Parted, isNamed: boolean): Comparison | null {
  if (line.isText || print.isText) return line.isText && print.isText ? compareTexts(line, print) : null;
  const { tools, system, messages } = print;
  const sameTools = isSame(line.tools, tools);
  const sameSystem = isSame(line.system, system);
  const common = commonMessages(line, messages);
  if (sameTools && sameSystem) {
    const sameBytes = sum(tools) + sum(system) + sum(messages.slice(0, common));
    if (common === line.messages.length) return { relation: 'continued', sameBytes, change: null };
    // All of it, or all but the message that is new: it went back, and what it keeps is as it was.
    if (common > 0 && common >= messages.length - 1) return { relation: 'rewound', sameBytes, change: null };
  }
  if (!isRelated(line, messages, isNamed)) return null;
  return changed(line, print, { sameTools, sameSystem, common });
}

/** Two that have no beginning in common, or whose middle moved by some bytes, are not known to be one conversation. */
function compareTexts(line: Line, { messages }: Parted): Comparison | null {
  const common = commonMessages(line, messages);
  const sameBytes = sum(messages.slice(0, common));
  if (common === line.messages.length) return { relation: 'continued', sameBytes, change: null };
  if (common === messages.length) return { relation: 'rewound', sameBytes, change: null };
  if (!isRelated(line, messages, true)) return null;
  const first = { index: common, kind: 'text' as const, role: null };
  return {
    relation: 'changed',
    sameBytes,
    change: { cause: 'text_changed', first, inputs: ['text changed'] },
  };
}

function isSame(line: Line['tools'], segments: readonly Segment[]): boolean {
  return line.length === segments.length && line.every(({ key }, at) => key === segments[at]?.key);
}

function commonMessages({ messages: before }: Line, messages: readonly Segment[]): number {
  const at = messages.findIndex(({ key }, index) => key !== before[index]);
  return at === -1 ? messages.length : at;
}

/** One conversation holds messages of the other; a first message alone may well be the same in two. */
function isRelated({ messages: before }: Line, messages: readonly Segment[], isNamed: boolean): boolean {
  const known = new Set(before);
  const shared = messages.reduce((count, { key }) => count + (known.has(key) ? 1 : 0), 0);
  return shared >= 2 || (shared === 1 && (isNamed || messages.length > before.length));
}

interface Sameness {
  sameTools: boolean;
  sameSystem: boolean;
  common: number;
}

function changed(line: Line, { tools, system, messages }: Parted, same: Sameness): Comparison {
  const changes: Change[] = [];
  let sameBytes = 0;
  if (!same.sameTools) {
    const isOrder = isLooselySame(line.tools, tools);
    changes.push({
      cause: isOrder ? 'tools_reordered' : 'tools_changed',
      first: { index: 0, kind: 'tools', role: null },
      inputs: [isOrder ? 'tools reordered' : 'tools changed'],
    });
  }
  if (!same.sameSystem) {
    const at = Math.max(0, differingAt(line.system, system));
    const isTime = isLooselySame(line.system, system);
    if (changes.length === 0) sameBytes = sum(tools) + sum(system.slice(0, at));
    changes.push({
      cause: isTime ? 'system_timestamp' : 'system_changed',
      first: { index: tools.length + at, kind: 'system', role: system[at]?.role ?? null },
      inputs: [isTime ? 'timestamp in system' : 'system changed'],
    });
  }
  if (same.common < Math.min(line.messages.length, messages.length)) {
    const { common } = same;
    if (changes.length === 0) sameBytes = sum(tools) + sum(system) + sum(messages.slice(0, common));
    const isRemoval = isRemoved(line, messages, common);
    changes.push({
      cause: isRemoval ? 'messages_removed' : 'message_edited',
      first: {
        index: tools.length + system.length + common,
        kind: 'message',
        role: messages[common]?.role ?? null,
      },
      inputs: [`message ${common + 1} ${isRemoval ? 'removed' : 'edited'}`],
    });
  }
  const [first] = changes;
  if (first === undefined) return { relation: 'rewound', sameBytes, change: null };
  const change = { ...first, inputs: changes.flatMap(({ inputs }) => inputs) };
  return { relation: 'changed', sameBytes, change };
}

function isLooselySame(line: Line['tools'], segments: readonly Segment[]): boolean {
  return (
    line.length === segments.length && line.every(({ looseKey }, at) => looseKey === segments[at]?.looseKey)
  );
}

function differingAt(line: Line['system'], segments: readonly Segment[]): number {
  return segments.findIndex(({ key }, at) => key !== line[at]?.key);
}

/** What stands there now, or after one that was put in its place, stood further back before. */
function isRemoved({ messages: before }: Line, messages: readonly Segment[], at: number): boolean {
  const [next, afterNext] = [messages[at]?.key, messages[at + 1]?.key];
  // What follows stands where it stood: the same may have been said more than once.
  if (afterNext !== undefined && afterNext === before[at + 1]) return false;
  if (next !== undefined && before.indexOf(next, at + 1) !== -1) return true;
  return afterNext !== undefined && before.indexOf(afterNext, at + 2) !== -1;
}
