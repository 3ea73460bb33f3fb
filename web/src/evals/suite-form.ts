import type { EvalItem, EvalSuite } from '@boocontrol/contracts';

/** What the editor holds: text as it was typed. Items are JSON or YAML, since they have many shapes. */
export interface SuiteForm {
  name: string;
  title: string;
  description: string;
  category: string;
  licence: string;
  samples: string;
  system: string;
  temperature: string;
  maxTokens: string;
  timeoutS: string;
  items: string;
}
export type SuiteField = keyof SuiteForm;

/** One short item that shows the shape. */
export const FIRST_ITEM: EvalItem = {
  kind: 'text',
  id: 'capital-of-france',
  difficulty: 'easy',
  prompt: 'What is the capital of France? Answer with its name only.',
  checks: [{ check: 'equals', values: ['Paris'], ignoreCase: true }],
  reference: 'Paris',
  wrong: 'Lyon',
};

export const NEW_SUITE: SuiteForm = {
  name: 'new-suite',
  title: '',
  description: '',
  category: 'our-own',
  licence: 'our own',
  samples: '1',
  system: '',
  temperature: '0',
  maxTokens: '1024',
  timeoutS: '300',
  items: itemsText([FIRST_ITEM]),
};

/** As JSON; the editor shows them as the files of suites are written. */
export function itemsText(items: readonly EvalItem[]): string {
  return JSON.stringify(items, null, 2);
}

export const formOf = (suite: EvalSuite): SuiteForm => ({
  name: suite.name,
  title: suite.title,
  description: suite.description,
  category: suite.category,
  licence: suite.licence,
  samples: String(suite.samples),
  system: suite.system ?? '',
  temperature: String(suite.sampler.temperature),
  maxTokens: String(suite.sampler.maxTokens),
  timeoutS: String(suite.timeoutS),
  items: itemsText(suite.items),
});
