import type { TextItem } from '@boocontrol/contracts';
import { z } from 'zod';
import { LeftOut, start } from './left-out.js';

const TaskSchema = z.object({ question: z.string().min(1), answer: z.string().min(1) });
const HOW =
  'Work it out step by step. End with a line that has nothing but the result as a number, without a unit.';

/** A question in the style of GSM8K, whose answer ends with `#### ` and a number. @throws {LeftOut} when it is none */
export function gsm8kItem(line: unknown, number: number): TextItem {
  const parsed = TaskSchema.safeParse(line);
  if (!parsed.success) throw new LeftOut('is no such task: it needs question and answer, both of them texts');
  const { question, answer } = parsed.data;
  const at = answer.lastIndexOf('####');
  const result = at < 0 ? '' : answer.slice(at + 4).trim();
  const digits = result.replaceAll(',', '').replace(/^\$/, '').replace(/\.$/, '');
  if (!/^[+-]?(?:\d+(?:\.\d+)?|\.\d+)$/.test(digits))
    throw new LeftOut(`has an answer that does not end with #### and a number: ${start(answer.slice(-60))}`);
  const value = Number(digits);
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER)
    throw new LeftOut(`has too large a number: ${start(digits)}`);
  return {
    kind: 'text',
    id: `gsm8k/${number}`,
    prompt: `${question.trim()}\n\n${HOW}`,
    checks: [{ check: 'number', value, within: 0 }],
    // What stands in << >> is how its makers had it reckoned.
    reference: `${answer
      .slice(0, at)
      .replaceAll(/<<[^<>]*>>/g, '')
      .trim()}\n${digits}`.trim(),
  };
}
