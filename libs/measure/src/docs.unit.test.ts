import { definitionOf, FIGURES } from '@boocontrol/contracts';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync(new URL('../../../docs/measuring.md', import.meta.url), 'utf8').replace(/ +/g, ' ');

test.each(FIGURES)('docs/measuring.md says of %s what the definition says', (key) => {
  const { is, formula, unit, source } = definitionOf(key);
  expect(page).toContain(`| \`${key}\` | ${is} | ${formula} (${unit}) | ${source} |`);
});
