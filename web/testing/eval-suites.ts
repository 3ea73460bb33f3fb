import {
  EvalSuiteSchema,
  type CodingItem,
  type EvalItem,
  type EvalSuite,
  type EvalSuiteInput,
} from '@boocontrol/contracts';

/** Made-up suites, a few items of each kind, repeated with other numbers so that there are as many as in real ones. */

const DIFFICULTIES = ['easy', 'medium', 'hard'] as const;
const TASKS = [
  'merge-intervals',
  'parse-duration',
  'lru-cache',
  'csv-reader',
  'retry-queue',
  'word-count',
  'roman-numbers',
  'tree-walk',
  'rate-limit',
  'date-range',
] as const;

function coding(index: number): CodingItem {
  const task = TASKS[index % TASKS.length] ?? 'task';
  const part = Math.floor(index / TASKS.length) + 1;
  const start = `def ${task.replaceAll('-', '_')}(ranges):\n    """Joins what touches."""\n    return ranges\n`;
  return {
    kind: 'coding',
    id: `${task}-${part}`,
    family: task,
    difficulty: DIFFICULTIES[index % 3] ?? 'easy',
    language: index % 4 === 3 ? 'typescript' : 'python',
    prompt: `In \`tasks/${task}.py\`, mend the function so that ranges that touch or overlap become one, in order. Part ${part}.`,
    files: { [`tasks/${task}.py`]: start, 'README.md': 'Ranges are pairs of numbers.\n' },
    target: `tasks/${task}.py`,
    tests: [
      {
        name: 'joins two that overlap',
        module: `tasks/${task}.py`,
        steps: [
          {
            do: 'call',
            name: task.replaceAll('-', '_'),
            args: [
              [
                [1, 3],
                [2, 5],
              ],
            ],
            expect: [[1, 5]],
          },
        ],
      },
      {
        name: 'leaves two apart that do not touch',
        module: `tasks/${task}.py`,
        steps: [
          {
            do: 'call',
            name: task.replaceAll('-', '_'),
            args: [
              [
                [1, 2],
                [4, 5],
              ],
            ],
            expect: [
              [1, 2],
              [4, 5],
            ],
          },
        ],
      },
      {
        name: 'prints its version',
        run: `tasks/${task}.py`,
        args: ['--version'],
        stdin: '',
        stdout: '1',
        exitCode: 0,
      },
    ],
    reference: {
      [`tasks/${task}.py`]: `def ${task.replaceAll('-', '_')}(ranges):\n    """Joins what touches."""\n    joined = []\n    for low, high in sorted(ranges):\n        if joined and low <= joined[-1][1]:\n            joined[-1][1] = max(joined[-1][1], high)\n        else:\n            joined.append([low, high])\n    return joined\n`,
    },
  };
}

const TITLES = ['title', 'extract', 'classify', 'rewrite'] as const;
function text(index: number): EvalItem {
  const sort = TITLES[index % TITLES.length] ?? 'title';
  return {
    kind: 'text',
    id: `${sort}-${Math.floor(index / TITLES.length) + 1}`,
    family: sort,
    difficulty: DIFFICULTIES[index % 3] ?? 'easy',
    prompt: `Write a title of at most six words for this: “The boiler in the cellar was looked at on Tuesday and needs part ${index}.”`,
    checks: [
      { check: 'words', max: 6 },
      { check: 'contains-any', values: ['boiler', 'cellar'], ignoreCase: true },
    ],
    reference: 'Boiler in the cellar needs parts',
  };
}

function tools(index: number): EvalItem {
  return {
    kind: 'tools',
    id: `weather-${index + 1}`,
    difficulty: DIFFICULTIES[index % 3] ?? 'easy',
    messages: [{ role: 'user', content: `Will it rain in Graz tomorrow? Ask for day ${index + 1}.` }],
    tools: [
      {
        name: 'forecast',
        description: 'Weather of a place on a day.',
        parameters: {
          type: 'object',
          properties: { place: { type: 'string' }, day: { type: 'integer' } },
          required: ['place', 'day'],
        },
      },
    ],
    replies: [{ tool: 'forecast', result: { rain: true, mm: 4 } }],
    expect: {
      calls: [{ name: 'forecast', arguments: { place: { equals: 'Graz' }, day: { equals: index + 1 } } }],
      order: 'given',
      more: false,
      answer: [{ check: 'contains-any', values: ['yes', 'rain'], ignoreCase: true }],
    },
    maxTurns: 4,
  };
}

function longContext(index: number): EvalItem {
  const tokens = [4_000, 16_000, 64_000][index % 3] ?? 4_000;
  const depth = [0, 0.25, 0.5, 0.75, 1][index % 5] ?? 0;
  return {
    kind: 'long-context',
    id: `${index % 2 === 0 ? 'single' : 'multi-key'}-${tokens}-${index + 1}`,
    family: `${tokens} tokens`,
    task: index % 2 === 0 ? 'single' : 'multi-key',
    tokens,
    depth,
    needles: 1,
    seed: index,
  };
}

const many = (n: number, make: (index: number) => EvalItem): EvalItem[] =>
  Array.from({ length: n }, (_, index) => make(index));

const suite = (input: EvalSuiteInput): EvalSuite => EvalSuiteSchema.parse(input);
const licence = 'Apache-2.0';

export const BUILTIN_EVALS: readonly EvalSuite[] = [
  suite({
    name: 'agent-coding',
    title: 'Agent coding',
    description:
      'Tasks on small projects: a task, files to begin with, and tests that the model does not see.',
    category: 'agent-coding',
    licence,
    samples: 3,
    sampler: { temperature: 0.2, maxTokens: 4_096 },
    items: many(40, coding),
  }),
  suite({
    name: 'long-context',
    title: 'Long context',
    description: 'Something that is hidden in a long text, at several lengths and depths.',
    category: 'long-context',
    licence,
    sampler: { temperature: 0, maxTokens: 256 },
    items: many(24, longContext),
  }),
  suite({
    name: 'tool-calls',
    title: 'Tool calls',
    description: 'The right function with the right arguments, over several turns.',
    category: 'tool-calls',
    licence,
    sampler: { temperature: 0, maxTokens: 1_024 },
    items: many(30, tools),
  }),
  suite({
    name: 'utility',
    title: 'Small chores',
    description: 'Titles, extraction, classification and rewriting, graded by rules.',
    category: 'utility',
    licence,
    sampler: { temperature: 0, maxTokens: 512 },
    items: many(40, text),
  }),
];

/** Made here, in its first version. */
export const TEAM_CHECKS: EvalSuite = suite({
  name: 'team-checks',
  title: 'What our team asks',
  description: 'Six questions of every day',
  category: 'team',
  licence: 'our own',
  sampler: { temperature: 0, maxTokens: 512 },
  items: many(6, text),
});

export const HOUSE_STYLE: EvalSuite = suite({
  name: 'house-style',
  title: 'House style',
  description: 'From a file of the data folder',
  category: 'utility',
  licence: 'our own',
  sampler: { temperature: 0, maxTokens: 512 },
  items: many(3, text),
});
