import { Rng } from '../core/rng.js';
import { pieces } from './tokens.js';

const OPENERS = [
  'Sure –',
  'Here is the short version:',
  'In short:',
  'Let me walk through it.',
  'Good question!',
];
const SENTENCES = [
  ' The scheduler keeps one model resident and swaps the others in on demand.',
  ' A longer context costs memory first and speed second.',
  ' Naïve caching breaks as soon as the prompt prefix changes.',
  ' Measure before you tune: the bottleneck is rarely where it seems to be.',
  ' Quantised weights trade a little accuracy for a lot of bandwidth.',
  ' Temperature 0 makes two runs comparable, yet not identical on every backend.',
  ' `curl -s http://host:8080/running` shows what is loaded now.',
  ' Prefill is compute-bound, decoding is bound by memory bandwidth.',
  ' Das Übertragen der Gewichte dauert länger als die Antwort selbst.',
  ' Keep the system prompt stable → the KV cache stays warm ✅.',
  ' 例えば、同じ接頭辞なら再計算は要りません。',
  ' If that fails, look at the upstream log before you restart anything.',
];

/** `count` token-like pieces of an answer; equal seeds give equal answers. */
export function answerPieces(seed: number, count: number): string[] {
  const rng = new Rng(seed);
  const out = pieces(rng.pick(OPENERS));
  while (out.length < count) out.push(...pieces(rng.pick(SENTENCES)));
  return out.slice(0, count);
}
