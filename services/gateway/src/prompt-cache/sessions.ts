import { compare, type Comparison } from './compare.js';
import { keysOf, piecesOf, type Line, type Parted } from './line.js';

/** Conversations that one session has side by side: a client that asks for titles, or has helpers, under one name. */
const MAX_LINES = 4;
/** Of messages, over all sessions; 8 bytes each. */
const MAX_MESSAGES = 2_000_000;

export interface Found {
  /** SessionHash. */
  session: string;
  /** null: it begins a conversation. */
  before: { line: Line; comparison: Comparison } | null;
}

/** The last prompts of the sessions that were there last. */
export class Sessions {
  /** The session that was there last is the last; of a session, the conversation. */
  private readonly sessions = new Map<string, Line[]>();
  private messages = 0;

  constructor(private readonly max = 1_000) {}

  get size(): number {
    return this.sessions.size;
  }

  /**
   * @param session SessionHash
   * @param isNamed the client says that it is one session; else only its first message does
   */
  find(session: string, isNamed: boolean, print: Parted): Found {
    let best: Found['before'] = null;
    for (const line of this.sessions.get(session) ?? []) {
      const comparison = compare(line, print, isNamed);
      if (comparison !== null && (best === null || isCloser(comparison, best.comparison)))
        best = { line, comparison };
    }
    return { session, before: best };
  }

  /** What was sent last, in place of what it goes on from. */
  keep(
    { session, before }: Found,
    print: Parted,
    rest: Omit<Line, 'tools' | 'system' | 'messages' | 'isText'>,
  ): void {
    const lines = this.sessions.get(session) ?? [];
    this.sessions.delete(session);
    this.sessions.set(session, lines);
    const at = before === null ? -1 : lines.indexOf(before.line);
    if (at !== -1) this.drop(lines, at);
    const line = {
      ...rest,
      tools: piecesOf(print.tools),
      system: piecesOf(print.system),
      messages: keysOf(print.messages),
      isText: print.isText,
    };
    lines.push(line);
    this.messages += line.messages.length;
    if (lines.length > MAX_LINES) this.drop(lines, 0);
    for (const [oldest, theirs] of this.sessions) {
      if (this.sessions.size <= this.max && this.messages <= MAX_MESSAGES) return;
      while (theirs.length > 0) this.drop(theirs, 0);
      this.sessions.delete(oldest);
    }
  }

  private drop(lines: Line[], at: number): void {
    const [dropped] = lines.splice(at, 1);
    this.messages -= dropped?.messages.length ?? 0;
  }
}

const RANK = { continued: 0, rewound: 1, changed: 2 } as const;

function isCloser(one: Comparison, other: Comparison): boolean {
  const rank = RANK[one.relation] - RANK[other.relation];
  return rank < 0 || (rank === 0 && one.sameBytes >= other.sameBytes);
}
