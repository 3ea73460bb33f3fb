import { expect, test } from 'vitest';
import { z } from 'zod';
import { onePerSubject } from './bus-message.js';

test('makes a schema once for each subject, and keeps nothing of subjects without one', () => {
  const asked: string[] = [];
  const schemaFor = onePerSubject((subject) => {
    asked.push(subject);
    return subject.startsWith('known.') ? z.literal(subject) : null;
  });
  for (let round = 0; round < 3; round++) {
    expect(schemaFor('known.a')?.safeParse('known.a').success).toBe(true);
    expect(schemaFor('known.b')?.safeParse('known.a').success).toBe(false);
    expect(schemaFor('other')).toBeNull();
  }
  expect(asked).toEqual(['known.a', 'known.b', 'other', 'other', 'other']);
});
