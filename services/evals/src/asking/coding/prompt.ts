import type { CodingItem } from '@boocontrol/contracts';

const RUNS: Readonly<Record<CodingItem['language'], string>> = {
  python: 'Python 3.11 or newer, with its standard library and nothing else',
  javascript: 'JavaScript for Node.js 20, with its built-in modules and nothing else',
  typescript: 'TypeScript for Node.js 20, with its built-in modules and nothing else',
};

/** The task as the model reads it. Its tests are no part of it. */
export function codingPrompt(item: CodingItem): string {
  const files = Object.entries(item.files ?? {});
  const shown = files.map(([path, text]) => {
    const fence = fenceFor(text);
    return `${path}\n${fence}${languageOf(path)}\n${text.replace(/\n$/, '')}\n${fence}`;
  });
  return [
    item.prompt.trim(),
    ...(files.length > 0 ? ['The files as they are now:', ...shown] : []),
    `The code has to run in ${RUNS[item.language]}. It is tested by other code, so names and signatures have to be as asked.`,
    howToAnswer(item, files.length > 0),
  ].join('\n\n');
}

function howToAnswer({ target }: CodingItem, hasFiles: boolean): string {
  const example = target ?? 'path/of/file';
  return [
    'Answer with every file that you write or change, each whole, in a fenced code block with its path on the line before it:',
    `${example}\n\`\`\`\n…\n\`\`\``,
    ...(hasFiles
      ? [
          'Files that you do not name stay as they are. Instead you can answer with one unified diff in a block ```diff, with paths relative to the folder.',
        ]
      : []),
  ].join('\n\n');
}

/** Longer than any fence in the text. */
function fenceFor(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length));
  return '`'.repeat(Math.max(3, longest + 1));
}

function languageOf(path: string): string {
  const names: Record<string, string> = {
    py: 'python',
    js: 'javascript',
    mjs: 'javascript',
    ts: 'typescript',
  };
  const ending = path.slice(path.lastIndexOf('.') + 1);
  return names[ending] ?? ending;
}
