import { derived, type Random } from '@boocontrol/measure';

const LISTS = {
  adjective:
    'quiet narrow early patient crooked silver distant careful wooden pale heavy bright hollow gentle weathered',
  noun: 'harbour lantern orchard ferry garden bridge clock window ladder kettle meadow letter fence cellar market',
  person:
    'gardener baker ferryman teacher carpenter painter sailor miller doctor neighbour clerk weaver shepherd',
  verb: 'mended carried painted remembered measured opened followed cleaned watched described borrowed counted',
  place:
    'behind the mill|near the river|below the tower|along the coast|beside the old road|under the trees|past the square',
  time: 'In the evening|Before the rain|That winter|Some days later|Towards noon|After the harvest|For a long while',
  aside:
    'although nobody had asked for it|because the day was long|as people there always did|without saying much about it|and was pleased with the work',
} as const;

type Kind = keyof typeof LISTS;
const WORDS = Object.fromEntries(
  Object.entries(LISTS).map(([kind, list]) => [kind, list.split(list.includes('|') ? '|' : ' ')]),
) as Record<Kind, string[]>;

const TEMPLATES = [
  'The {adjective} {noun} stood {place}, and the {person} {verb} it.',
  '{time} the {person} {verb} a {adjective} {noun}, {aside}.',
  'A {person} from the village {verb} the {noun} {place}.',
  '{time} there was a {adjective} {noun} {place}, which the {person} {verb}.',
  'Nobody knew why the {person} {verb} the {adjective} {noun}, {aside}.',
  'The {person} and the {person} {verb} the {noun} together {place}.',
];

/** Prose without end that says nothing: no numbers, no names. The same seed gives the same. */
export function* sentences(seed: number): Generator<string> {
  const random = derived(seed, 'prose');
  for (;;) yield pick(TEMPLATES, random).replace(/\{(\w+)\}/g, (_, kind: Kind) => pick(WORDS[kind], random));
}

function pick(items: readonly string[], random: Random): string {
  return items[Math.floor(random() * items.length)] ?? '';
}
