import type { Random } from '../stats/random.js';

/** Ordinary English of many subjects: no model finds it hard, none has it in its cache. */
const SUBJECTS = [
  'the river',
  'a quiet engine',
  'the old library',
  'our neighbour',
  'the night train',
  'a small committee',
  'the harbour master',
  'every second winter',
  'the younger sister',
  'a box of letters',
  'the weather station',
  'the long bridge',
  'a retired teacher',
  'the orchard',
  'the new timetable',
  'a map of the coast',
  'the baker',
  'the eastern gate',
  'a handful of students',
  'the telescope',
  'the market square',
  'a broken clock',
];
const VERBS = [
  'carried',
  'described',
  'followed',
  'repaired',
  'measured',
  'forgot',
  'sold',
  'painted',
  'remembered',
  'crossed',
  'explained',
  'borrowed',
  'collected',
  'promised',
  'moved',
  'counted',
  'watched',
  'opened',
  'compared',
  'built',
];
const OBJECTS = [
  'seven wooden chairs',
  'the price of salt',
  'an unusual silence',
  'the first snow',
  'a letter from abroad',
  'the names of the villages',
  'two lanterns',
  'a long argument about tides',
  'the smell of rain',
  'the missing page',
  'an empty room',
  'the shortest road',
  'a basket of pears',
  'what nobody had asked',
  'the winter accounts',
  'the weight of the bell',
  'a garden behind the wall',
  'three kinds of bread',
  'the colour of the water',
];
const ENDS = [
  'before the morning ferry left',
  'while the others were asleep',
  'although it was late in the year',
  'because the lamp had gone out',
  'in the hope of better news',
  'without a word to anyone',
  'as the rules required',
  'until the bells began to ring',
  'for the second time that week',
  'with more patience than skill',
  'under a low grey sky',
  'according to the older records',
  'to the surprise of the visitors',
];

/** Words of natural sentences, without end; each has its space before it, so joined they are the text. */
export function* wordsFrom(random: Random): Generator<string, never> {
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? '';
  for (;;) {
    const sentence = `${pick(SUBJECTS)} ${pick(VERBS)} ${pick(OBJECTS)} ${pick(ENDS)}.`;
    const text = `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
    for (const word of text.split(' ')) yield ` ${word}`;
  }
}
