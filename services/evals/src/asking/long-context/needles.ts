import type { LongContextItem } from '@boocontrol/contracts';
import { derived, type Random } from '@boocontrol/measure';

const FIRST =
  'Ada Bela Cora Dario Edda Falk Greta Hakon Ilse Jonas Kaja Levin Mira Nils Olga Piet Runa Sven Tilda Ulf Vera Wim Yara Zeno'.split(
    ' ',
  );
const LAST =
  'Lindqvist Okafor Marchetti Novak Petersen Quispe Rahimi Salgado Takeda Urban Varga Weiss Yilmaz Zielinski Abara Brandt'.split(
    ' ',
  );

/** What counts as right. */
export type Expected =
  /** All of these numbers and no other five-digit one. */
  | { what: 'codes'; codes: readonly string[] }
  /** The last number of the answer. */
  | { what: 'count'; count: number }
  /** This name and none of the others. */
  | { what: 'name'; name: string; others: readonly string[] };

export interface Hidden {
  /** Sentences that are strewn into the text; the first lies at the item's depth. */
  needles: readonly string[];
  question: string;
  expected: Expected;
}

/** What an item hides and asks for; the same for the same seed, task and number of needles, whatever the length. */
export function hiddenIn(item: Pick<LongContextItem, 'task' | 'needles' | 'seed'>): Hidden {
  const random = derived(item.seed, 'needles', item.task, item.needles);
  const names = shuffled(
    FIRST.flatMap((first) => LAST.map((last) => `${first} ${last}`)),
    random,
  );
  const codes = distinctCodes(item.needles, random);
  const name = names[0] ?? '';
  switch (item.task) {
    case 'single':
      return {
        needles: [codeOf(name, codes[0])],
        question: `What is the access code of ${name}? Answer with the code and nothing else.`,
        expected: { what: 'codes', codes: codes.slice(0, 1) },
      };
    case 'multi-key':
      return {
        needles: codes.map((code, index) => codeOf(names[index] ?? '', code)),
        question: `What is the access code of ${name}? Answer with the code and nothing else.`,
        expected: { what: 'codes', codes: codes.slice(0, 1) },
      };
    case 'multi-value':
      return {
        needles: codes.map((code) => `One of the access codes of ${name} is ${code}.`),
        question: `What are all the access codes of ${name}? Answer with the codes, separated by commas, and nothing else.`,
        expected: { what: 'codes', codes },
      };
    case 'aggregate':
      return item.seed % 2 === 0
        ? howMany(item.needles, names, random)
        : whichMost(item.needles, names, random);
  }
}

function codeOf(name: string, code: string | undefined): string {
  return `The access code of ${name} is ${code ?? ''}.`;
}

const parcel = (name: string): string => `A parcel arrived for ${name}.`;

function howMany(needles: number, names: readonly string[], random: Random): Hidden {
  const [name = '', ...others] = names;
  const count = Math.max(1, Math.ceil(needles * (0.3 + 0.4 * random())));
  const rest = Array.from({ length: needles - count }, (_, index) => parcel(others[index % 4] ?? ''));
  return {
    needles: shuffled([...Array.from({ length: count }, () => parcel(name)), ...rest], random),
    question: `How many parcels arrived for ${name}? Answer with the number and nothing else.`,
    expected: { what: 'count', count },
  };
}

function whichMost(needles: number, names: readonly string[], random: Random): Hidden {
  const [name = '', ...rest] = names;
  const others = rest.slice(0, 3);
  // No other may have as many.
  let most = 1;
  while (most < needles && most <= Math.ceil((needles - most) / others.length)) most += 1;
  const left = Array.from({ length: needles - most }, (_, index) =>
    parcel(others[index % others.length] ?? ''),
  );
  return {
    needles: shuffled([...Array.from({ length: most }, () => parcel(name)), ...left], random),
    question: 'For whom did the most parcels arrive? Answer with the name and nothing else.',
    expected: { what: 'name', name, others },
  };
}

function distinctCodes(count: number, random: Random): string[] {
  const codes = new Set<string>();
  while (codes.size < count) codes.add(String(10_000 + Math.floor(random() * 90_000)));
  return [...codes];
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const out = [...items];
  for (let index = out.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [out[index], out[other]] = [out[other] as T, out[index] as T];
  }
  return out;
}
