import { readMembers, textOf } from './json-reader.js';

const QUOTE = 0x22;
/** Members of a body that come before the answer in a prompt, and stay as they are while a conversation goes on. */
const FIXED = new Set(['tools', 'functions', 'system', 'instructions']);
/** Those that grow: what is the same in all of it ends with the first message of the user. */
const GROWING = new Set(['messages', 'input']);
/** A prompt that is one text. */
export const TEXT = 'prompt';

const CONVERSATION = /\/(?:chat\/completions|messages|responses)$/;
const COMPLETION = /\/completions?$/;

/** From, to (exclusive): the bytes of a value. */
export interface Part {
  /** Of the member. */
  path: string;
  isGrowing: boolean;
  from: number;
  to: number;
}

/** @param path of a member of the body; null: it is no part of a prompt. Never throws. */
export function partOf(path: string, from: number, to: number): Part | null {
  const isGrowing = GROWING.has(path) || path === TEXT;
  return isGrowing || FIXED.has(path) ? { path, isGrowing, from, to } : null;
}

/** Whether an endpoint reads a prompt that grows. Never throws. @param path as in promptParts */
export function readsPrompt(path: string): boolean {
  return CONVERSATION.test(path) || COMPLETION.test(path);
}

/**
 * Of the parts of a body, those that an endpoint makes its prompt of; empty: it reads none that grows. Never throws.
 * @param path of the request: below /v1, or as llama-swap has it, where llama.cpp's own `/completion` is, too
 */
export function promptParts(path: string, parts: readonly Part[]): readonly Part[] {
  if (CONVERSATION.test(path)) return parts.filter((part) => part.path !== TEXT);
  return COMPLETION.test(path) ? parts.filter((part) => part.path === TEXT) : [];
}

/** Where the prompt is in a JSON body, and who says that it is theirs; null: it is no JSON object. Never throws. */
export function readPrompt(bytes: Buffer): { parts: Part[]; user: string | null } | null {
  const parts: Part[] = [];
  let user: string | null = null;
  const problem = readMembers(bytes, {
    member: (path, from, to) => {
      const part = partOf(path, from, to);
      if (part !== null) parts.push(part);
      else if (isUser(path) && bytes[from] === QUOTE) user = textOf(bytes, from, to);
    },
    type: () => undefined,
  });
  return problem === null ? { parts, user } : null;
}

/** OpenAI's `user`, or Anthropic's. @param path of a member of the body */
export function isUser(path: string): boolean {
  return path === 'user' || path === 'metadata.user_id';
}
