import { definitionOf, FIGURES, type FigureKey } from '@boocontrol/contracts';
import type { Reported, ReportedCell } from './reported.js';
import { loadsOf, short, titleOf, troublesOf } from './words.js';

const SHOWN: readonly FigureKey[] = [
  ...(['promptTokens', 'ttftMs', 'promptTps', 'hostPromptTps', 'genTps', 'hostGenTps'] as const),
  ...(['gapMs', 'e2eMs', 'tokensPerS', 'goodputPerS'] as const),
];

/** A table for people, as GitHub and others show it: medians with the ends of their 95 % intervals. */
export function markdownOf(run: Reported): string {
  const shown = SHOWN.filter((key) => run.cells.some(({ figures }) => figures[key]));
  const line = (fields: readonly string[]): string => `| ${fields.join(' | ')} |`;
  const head = shown.map((key) => `${definitionOf(key).label}, ${definitionOf(key).unit}`);
  const lines = [
    `### ${plainMarkdown(titleOf(run))}`,
    '',
    ...(run.startedAt === null ? [] : [`Measured ${run.startedAt}, run ${plainMarkdown(run.runId)}.`, '']),
    line(['cell', 'requests', ...head]),
    line(['---', ...[...shown, ''].map(() => '---:')]),
    ...run.cells.map((cell) =>
      line([
        plainMarkdown(cell.name),
        `${cell.requests.ok}/${cell.requests.asked}`,
        ...shown.map((key) => figureOf(cell, key)),
      ]),
    ),
    '',
    ...(run.loadMs === null ? [] : [`- The model was loaded first: ${short(run.loadMs / 1000)} s`]),
    ...run.cells.flatMap((cell) =>
      [...troublesOf(cell), ...(cell.reason === null ? [] : [cell.reason])].map(
        (what) => `- **${plainMarkdown(cell.name)}**: ${plainMarkdown(what)}`,
      ),
    ),
    ...loadsOf(run).map((what) => `- ${plainMarkdown(what)}`),
    ...(run.reason === null ? [] : [`- Not complete: ${plainMarkdown(run.reason)}`]),
    ...shown.map((key) => `- _${definitionOf(key).label}_: ${plainMarkdown(definitionOf(key).is)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function figureOf({ figures }: ReportedCell, key: (typeof FIGURES)[number]): string {
  const figure = figures[key];
  if (!figure) return '–';
  const { median, low, high } = figure;
  return low === null || high === null || low === high
    ? short(median)
    : `${short(median)} (${short(low)} to ${short(high)})`;
}

/** Names come from hosts, and say nothing to a renderer. */
export function plainMarkdown(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>|~]/g, '\\$&');
}
