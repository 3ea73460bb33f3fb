import { z } from 'zod';
import { hashText, Rng } from '../core/rng.js';
import { foundIn } from './long-context.js';
import type { Answers, Question, Scripted } from './question.js';

const FilesSchema = z.record(z.string(), z.string());
const TurnsSchema = z.array(
  z.looseObject({
    role: z.string(),
    content: z.string().default(''),
    calls: z.array(z.looseObject({ name: z.string(), arguments: z.unknown() })).default([]),
  }),
);
/** Of an item of an eval suite, what tells it from others and what answers it. */
const ItemSchema = z.looseObject({
  prompt: z.string().optional(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.string().default('') })).optional(),
  reference: z.union([z.string(), FilesSchema, TurnsSchema]).optional(),
  wrong: z.union([z.string(), FilesSchema, TurnsSchema]).optional(),
});
type Solution = z.infer<typeof ItemSchema>['reference'];

interface Entry {
  /** How what the user says begins. */
  prompt: string;
  /** Answers that the conversation has before the first of the model. */
  before: number;
  right: readonly Scripted[];
  wrong: readonly Scripted[];
}

const NOTHING: Scripted = { content: 'I do not know.', calls: [] };

/** Answers to the items of eval suites, right ones and wrong ones, found by what is asked. */
export class AnswerBook {
  private readonly entries = new Map<string, Entry[]>();

  /** @param items as suites have them; one without a prompt or a reference is left out */
  constructor(items: readonly unknown[]) {
    for (const item of items) {
      const parsed = ItemSchema.safeParse(item);
      const prompt =
        parsed.data?.prompt ?? parsed.data?.messages?.findLast(({ role }) => role === 'user')?.content;
      if (!parsed.success || prompt === undefined || parsed.data.reference === undefined) continue;
      const entry = {
        prompt: prompt.trim(),
        before: answersAfterUser(parsed.data.messages ?? []),
        right: turns(parsed.data.reference),
        wrong: turns(parsed.data.wrong),
      };
      const key = keyOf(entry.prompt);
      this.entries.set(key, [...(this.entries.get(key) ?? []), entry]);
    }
  }

  /** @returns null where the book knows no answer */
  answer({ messages }: Question, isRight: boolean): Scripted | null {
    const asked = messages.findLast(({ role }) => role === 'user')?.content.trim() ?? '';
    const long = foundIn(asked, isRight);
    if (long !== null) return long;
    const [entry] = (this.entries.get(keyOf(asked)) ?? [])
      .filter(({ prompt }) => asked.startsWith(prompt))
      .toSorted((a, b) => b.prompt.length - a.prompt.length);
    if (entry === undefined) return null;
    const turn = answersAfterUser(messages) - entry.before;
    const said = isRight ? entry.right : entry.wrong;
    return said[turn] ?? { content: '', calls: [] };
  }
}

/**
 * Answers each question of a book rightly with a probability of `skill`. Model, seed and question decide it, so the same is
 * answered in the same way again, and the turns of a conversation belong together.
 */
export function skilled(book: () => AnswerBook, model: string, skill: number): Answers {
  return (question) => {
    const asked = question.messages.findLast(({ role }) => role === 'user')?.content ?? '';
    const drawn = new Rng(hashText(`${model}:${question.seed}:${asked}`)).next();
    return book().answer(question, drawn < skill);
  };
}

function answersAfterUser(messages: readonly { role: string }[]): number {
  const last = messages.findLastIndex(({ role }) => role === 'user');
  return messages.slice(last + 1).filter(({ role }) => role === 'assistant').length;
}

/** What follows an item's own words begins on a line of its own. */
function keyOf(asked: string): string {
  return (asked.split('\n', 1)[0] ?? '').slice(0, 60).trim();
}

function turns(solution: Solution): Scripted[] {
  if (solution === undefined) return [NOTHING];
  if (typeof solution === 'string') return [{ content: solution, calls: [] }];
  if (Array.isArray(solution))
    return solution
      .filter(({ role }) => role === 'assistant')
      .map(({ content, calls }) => ({
        content,
        calls: calls.map((call) => ({ name: call.name, arguments: call.arguments })),
      }));
  return [{ content: Object.entries(solution).map(block).join('\n\n'), calls: [] }];
}

/** A file, in a fence that it does not end. */
function block([path, text]: [string, string]): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${path}\n${fence}\n${text.replace(/\n$/, '')}\n${fence}`;
}
