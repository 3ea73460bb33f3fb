import { definitionOf, FIGURES } from '@boocontrol/contracts';

/** The figures, one after the other. */
export function definitionsText(): string {
  return FIGURES.map((key) => {
    const { label, unit, is, formula, source, of } = definitionOf(key);
    return `${key} (${label}, ${unit}; of a ${of}, by ${source})\n  ${is}\n  = ${formula}\n`;
  }).join('\n');
}
