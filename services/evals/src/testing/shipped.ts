import { readdirSync, readFileSync } from 'node:fs';
import { EvalSuiteSchema, type EvalItem, type EvalMessage, type EvalSuite } from '@boocontrol/contracts';
import { parse } from 'yaml';
import type { Transcript } from '../asking/types.js';

const FOLDER = new URL('../../suites/', import.meta.url);

/** Every suite that ships with the service. */
export function shippedSuites(): EvalSuite[] {
  const files = readdirSync(FOLDER).filter((file) => /\.ya?ml$/.test(file));
  return files.map((file) => EvalSuiteSchema.parse(parse(readFileSync(new URL(file, FOLDER), 'utf8'))));
}

export type ItemOf<K extends EvalItem['kind']> = Extract<EvalItem, { kind: K }>;

export function shippedItems<K extends EvalItem['kind']>(kind: K): { suite: string; item: ItemOf<K> }[] {
  return shippedSuites().flatMap(({ name, items }) =>
    items.filter((item): item is ItemOf<K> => item.kind === kind).map((item) => ({ suite: name, item })),
  );
}

/** As if a model had said this, and nothing else had happened. */
export function said(answer: string | EvalMessage[], over: Partial<Transcript> = {}): Transcript {
  return {
    prompt: [],
    answer: typeof answer === 'string' ? [{ role: 'assistant', content: answer }] : answer,
    reasoning: null,
    finishReason: 'stop',
    promptTokens: null,
    outputTokens: null,
    refusal: null,
    invalid: null,
    ...over,
  };
}
