import type { EvalItem, EvalSample, EvalSampleHead } from '@boocontrol/contracts';
import { sampleKey, type MadeEval } from './eval-runs.js';

const HASH = 'a3f1c9d27be04f58a3f1c9d27be04f58a3f1c9d27be04f58a3f1c9d27be04f58';

type Body = Pick<EvalSample, 'prompt' | 'answer' | 'reasoning' | 'files' | 'findings' | 'output'>;

/** What a sample of this item could have been. */
function bodyOf(item: EvalItem, { outcome }: EvalSampleHead): Body {
  const passed = outcome === 'passed';
  const got = passed || outcome === 'failed' || outcome === 'timeout' || outcome === 'oom';
  switch (item.kind) {
    case 'coding': {
      const [path = 'main.py', start = ''] = Object.entries(item.files ?? {})[0] ?? [];
      const good = item.reference?.[path] ?? start;
      const bad = `${start.replace('return ranges', 'ranges.sort()\n    return ranges')}\n\nprint("joined")\n`;
      const files = passed ? { [path]: good } : { [path]: bad };
      return {
        prompt: [
          { role: 'system', content: 'Answer with whole files, each in a fence with its path.' },
          { role: 'user', content: `${item.prompt}\n\n\`\`\`python ${path}\n${start}\`\`\`` },
        ],
        answer: [
          {
            role: 'assistant',
            content: `Here is the function with ranges that touch joined:\n\n\`\`\`python ${path}\n${files[path] ?? ''}\`\`\`\n\nIt sorts them first.`,
          },
        ],
        reasoning:
          'Two ranges touch when the second begins at or before the end of the first. Sort by start.',
        files: got ? files : null,
        findings: got
          ? item.tests.map(({ name }, i) => ({
              name,
              passed: passed || i > 0,
              expected: i === 0 ? '[[1, 5]]' : null,
              got: passed || i > 0 ? null : '[[1, 3], [2, 5]]',
            }))
          : [],
        output: got
          ? {
              stdout: passed ? '' : 'joined\njoined\n',
              stderr: outcome === 'timeout' ? 'killed after 20 s\n' : '',
              isCut: false,
              sandbox: 'bubblewrap',
            }
          : null,
      };
    }
    case 'tools': {
      const [call] = item.expect.calls;
      const day = passed ? call?.arguments['day'] : { equals: 0 };
      const said = day && 'equals' in day ? day.equals : null;
      return {
        prompt: item.messages,
        answer: [
          {
            role: 'assistant',
            content: '',
            calls: [{ name: 'forecast', arguments: { place: 'Graz', day: said } }],
          },
          { role: 'tool', name: 'forecast', content: '{"rain":true,"mm":4}' },
          { role: 'assistant', content: passed ? 'Yes, 4 mm of rain.' : 'I could not find out.' },
        ],
        reasoning: null,
        files: null,
        findings: [
          { name: 'forecast is called', passed: true, expected: null, got: null },
          {
            name: 'its argument day',
            passed,
            expected: call ? JSON.stringify(call.arguments['day']) : null,
            got: passed ? null : String(said),
          },
        ],
        output: null,
      };
    }
    case 'long-context':
      return {
        prompt: [
          {
            role: 'user',
            content: `The code of the green door is 7341.\n… ${item.tokens} tokens …\nWhat is it?`,
          },
        ],
        answer: [{ role: 'assistant', content: passed ? '7341' : 'There is no code.' }],
        reasoning: null,
        files: null,
        findings: [
          { name: 'contains 7341', passed, expected: '7341', got: passed ? null : 'There is no code.' },
        ],
        output: null,
      };
    case 'text':
      return {
        prompt: [{ role: 'user', content: item.prompt }],
        answer: [
          {
            role: 'assistant',
            content: passed
              ? 'Boiler in the cellar needs parts'
              : 'A report about something that was looked at on a Tuesday',
          },
        ],
        reasoning: null,
        files: null,
        findings: [
          { name: 'at most 6 words', passed, expected: 'at most 6', got: passed ? null : '11' },
          { name: 'contains any of “boiler”, “cellar”', passed, expected: null, got: null },
        ],
        output: null,
      };
  }
}

/** A sample whole; null: there is none. */
export function wholeSample(made: MadeEval, item: string, sample: number): EvalSample | null {
  const question = made.suite.items.find(({ id }) => id === item);
  const head = made.samples.find((each) => each.item === item && each.sample === sample);
  if (!question || !head) return null;
  const { answerStart: _, ...rest } = head;
  const { id, suiteName, suiteHash, providerId, model } = made.run;
  return {
    ...rest,
    run: { id, suiteName, suiteHash, providerId, model },
    question,
    promptHash: HASH,
    sampler: made.run.sampler,
    ...bodyOf(question, head),
    answerCut: false,
    regraded: made.regraded.get(sampleKey(item, sample)) ?? null,
  };
}
