import { type Comparison, definitionOf, type FigureKey } from '@boocontrol/contracts';
import type { Reported, ReportedCell } from '../report/reported.js';
import { loadsOf, short, titleOf, troublesOf } from '../report/words.js';
import { columns, type Style } from './style.js';

const SHOWN: readonly FigureKey[] = [
  'promptTokens',
  'ttftMs',
  'promptTps',
  'hostPromptTps',
  'genTps',
  'hostGenTps',
  'gapMs',
  'tokensPerS',
];

/** What a run came to, for people. */
export function tableOf(result: Reported, style: Style): string {
  const { cells } = result;
  const shown = SHOWN.filter((key) => cells.some(({ figures }) => figures[key]));
  const head = ['', 'requests', ...shown.map((key) => definitionOf(key).label)];
  const units = ['', 'ok', ...shown.map((key) => definitionOf(key).unit)];
  const rows = cells.map((cell) => [
    `${cell.name}${cell.pollution.length > 0 ? style.warn(' !') : ''}`,
    `${cell.requests.ok}/${cell.requests.asked}`,
    ...shown.map((key) => figureText(cell, key)),
  ]);
  return [
    titleOf(result).replace(result.fingerprint.model, (name) => style.strong(name)),
    result.loadMs === null ? null : `The model was loaded first: ${(result.loadMs / 1000).toFixed(1)} s`,
    '',
    columns([head.map((cell) => style.strong(cell)), units.map((cell) => style.faint(cell)), ...rows]),
    '',
    style.faint(
      'Medians, ± half of their 95 % interval. What each figure means: boocontrol bench --definitions',
    ),
    ...loadsOf(result),
    ...cells.flatMap((cell) => notesOf(cell, style)),
    result.reason === null ? null : style.warn(`Not complete: ${result.reason}`),
  ]
    .filter((line) => line !== null)
    .join('\n');
}

function figureText({ figures }: ReportedCell, key: FigureKey): string {
  const figure = figures[key];
  if (!figure) return '–';
  const text = short(figure.median);
  if (figure.low === null || figure.high === null || figure.high === figure.low) return text;
  return `${text} ±${short((figure.high - figure.low) / 2)}`;
}

function notesOf(cell: ReportedCell, style: Style): string[] {
  return [
    ...troublesOf(cell).map((what) => style.warn(`! ${cell.name}: ${what}`)),
    ...(cell.reason === null ? [] : [style.faint(`${cell.name}: ${cell.reason}`)]),
  ];
}

/** What changed since the baseline. */
export function comparisonText(comparison: Comparison, style: Style): string {
  const { baseline, changed, judged, regressed } = comparison;
  if (baseline === null) return 'There is no baseline, so nothing is judged.';
  const of = { regressed: style.bad, improved: style.good, same: style.faint } as const;
  const rows = judged.map(({ cell, figure, verdict, ratio, low, high, reason }) => [
    cell,
    definitionOf(figure).label,
    ratio === null ? '–' : `× ${ratio.toFixed(3)}`,
    low === null || high === null ? '' : `${low.toFixed(3)} to ${high.toFixed(3)}`,
    (verdict in of ? of[verdict as keyof typeof of] : style.warn)(verdict.replace('_', ' ')),
    reason ?? '',
  ]);
  return [
    `Against ${baseline.startedAt} (${baseline.runId}):`,
    ...changed.map((each) => style.warn(`  not the same: ${each}`)),
    columns(rows),
    regressed === 0 ? 'Nothing regressed.' : style.bad(`${regressed} regressed.`),
  ].join('\n');
}
