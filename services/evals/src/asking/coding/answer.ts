import {
  EvalFilesSchema,
  EvalPathSchema,
  type CodingItem,
  type EvalFiles,
  type Problem,
} from '@boocontrol/contracts';
import { withoutReasoning } from '../reasoning.js';
import { blocksOf, type Block } from './blocks.js';
import { BadPatch, isPatch, patched } from './patch.js';

const MAX_CHARS = 2_000_000;
/** What is shown beside an answer: how to call it, what it prints. */
const NO_CODE = new Set([
  'bash',
  'sh',
  'shell',
  'console',
  'text',
  'txt',
  'output',
  'plaintext',
  'markdown',
  'md',
]);
const LANGUAGES: Readonly<Record<CodingItem['language'], readonly string[]>> = {
  python: ['python', 'py', 'python3'],
  javascript: ['javascript', 'js', 'mjs', 'cjs', 'node'],
  typescript: ['typescript', 'ts', 'mts', 'tsx'],
};

export type ReadAnswer = { files: EvalFiles } | { problem: Problem };

/** The folder of the task as an answer leaves it, or why the answer cannot be used. Never throws, whatever the text is. */
export function readAnswer(
  item: Pick<CodingItem, 'files' | 'target' | 'language'>,
  text: string,
): ReadAnswer {
  if (text.length > MAX_CHARS)
    return bad('answer_too_long', `The answer has ${text.length} characters; ${MAX_CHARS} are read.`);
  const answer = withoutReasoning(text)
    .replaceAll('\0', '␀')
    .replace(/\p{Cs}/gu, '�');
  const start = item.files ?? {};
  try {
    const blocks = blocksOf(answer);
    const patches = blocks.filter(
      ({ language, text: inside }) => /^(?:diff|patch)$/.test(language) || isPatch(inside),
    );
    const plain = blocks.filter((block) => !patches.includes(block));
    // A diff that stands in the answer without a fence.
    const bare = blocks.length === 0 && isPatch(answer) ? [answer] : [];
    let files: Record<string, string> = { ...start };
    for (const patch of [...patches.map((block) => block.text), ...bare]) files = patched(files, patch);
    const written = filesOf(plain, item, patches.length + bare.length > 0);
    if (written.length === 0 && patches.length + bare.length === 0)
      return bad(
        'no_answer',
        'The answer has no code that could be used: no block with a path, and no patch.',
      );
    for (const [path, inside] of written)
      Object.defineProperty(files, path, {
        value: inside,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    return checked(files);
  } catch (error) {
    if (error instanceof BadPatch) return bad('patch_failed', `The patch does not apply: ${error.message}.`);
    throw error;
  }
}

function filesOf(
  blocks: readonly Block[],
  { target, language, files }: Pick<CodingItem, 'files' | 'target' | 'language'>,
  hasPatch: boolean,
): [string, string][] {
  const named = blocks.flatMap(({ path, text }): [string, string][] => {
    return path === null ? [] : [[path.replace(/^(?:\.\/)+/, ''), text]];
  });
  if (named.length > 0 || hasPatch) return named;
  const code = blocks.filter((block) => !NO_CODE.has(block.language));
  const own = code.filter((block) => LANGUAGES[language].includes(block.language));
  const known = Object.keys(files ?? {});
  const into = target ?? (known.length === 1 ? known[0] : undefined);
  // Beside the solution there may be examples of its use; those are shorter.
  const [longest] = (own.length > 0 ? own : code).toSorted((a, b) => b.text.length - a.text.length);
  return into === undefined || longest === undefined ? [] : [[into, longest.text]];
}

function checked(files: Record<string, string>): ReadAnswer {
  const hostile = Object.keys(files).find((path) => !EvalPathSchema.safeParse(path).success);
  if (hostile !== undefined)
    return bad('bad_path', `“${hostile.slice(0, 200)}” is no path inside the folder of the task.`);
  const parsed = EvalFilesSchema.safeParse(files);
  if (parsed.success) return { files: parsed.data };
  return bad('bad_files', `The files cannot be used: ${parsed.error.issues[0]?.message ?? 'unknown'}.`);
}

function bad(code: string, message: string): ReadAnswer {
  return { problem: { code, message } };
}
