import type { Leaderboard, LeaderboardEntry, LeaderboardRow } from '@boocontrol/contracts';
import { csvLine, plainMarkdown } from '@boocontrol/measure';

const COLUMNS = [
  ...['category', 'suite', 'version', 'host', 'model', 'quant', 'size_b', 'vram_mb', 'rank_from', 'rank_to'],
  ...['pass_1', 'low', 'high', 'pass_at_k', 'pass_hat_k', 'k', 'items', 'samples', 'not_counted'],
  ...['gen_tps', 'ttft_ms', 'output_tokens', 'concurrency', 'at', 'stale', 'run'],
];

/** A line for each score of each model of each host. */
export function leaderboardCsv({ rows }: Leaderboard): string {
  const lines = rows.flatMap((row) => row.scores.map((entry) => lineOf(row, entry)));
  return [COLUMNS, ...lines].map(csvLine).join('');
}

function lineOf(row: LeaderboardRow, entry: LeaderboardEntry): (string | number | null)[] {
  const { score, speed, rank } = entry;
  return [
    ...[entry.category, entry.suiteName, entry.suiteHash, row.providerId, row.model],
    ...[row.quant, row.sizeB, row.vramMb, rank.from, rank.to],
    ...[score.pass1.mean, score.pass1.low, score.pass1.high, score.passAtK.mean, score.passHatK.mean],
    ...[score.k, score.items, score.samples, score.left],
    ...[speed.genTps, speed.ttftMs, speed.outputTokens, speed.concurrency],
    ...[entry.at, entry.isStale ? 'yes' : 'no', entry.runId],
  ];
}

const HEAD = [
  ...['rank', 'model', 'host', 'suite', 'items', 'passed', '95 %', 'pass@k', 'pass^k'],
  ...['tokens/s', 'first token, ms', 'measured'],
];

/** A table of each category, for people. */
export function leaderboardMarkdown({ rows, categories }: Leaderboard): string {
  const tables = categories.map((category) => {
    const entries = rows
      .flatMap((row) =>
        row.scores.filter((entry) => entry.category === category).map((entry) => ({ row, entry })),
      )
      .sort((a, b) => b.entry.score.pass1.mean - a.entry.score.pass1.mean);
    const lines = [HEAD, HEAD.map(() => '---'), ...entries.map(cellsOf)];
    return `### ${plainMarkdown(category)}\n\n${lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')}`;
  });
  return tables.length === 0 ? 'Nothing is measured yet.\n' : tables.join('\n');
}

function cellsOf({ row, entry }: { row: LeaderboardRow; entry: LeaderboardEntry }): string[] {
  const { score, speed, rank, isStale } = entry;
  return [
    rank.from === rank.to ? String(rank.from) : `${rank.from} to ${rank.to}`,
    plainMarkdown(row.model),
    plainMarkdown(row.providerId),
    plainMarkdown(`${entry.suiteName} ${entry.suiteHash.slice(0, 8)}`),
    String(score.items),
    percent(score.pass1.mean),
    `${percent(score.pass1.low)} to ${percent(score.pass1.high)}`,
    `${percent(score.passAtK.mean)} (k = ${score.k})`,
    percent(score.passHatK.mean),
    speed.genTps === null ? '–' : speed.genTps.toFixed(1),
    speed.ttftMs === null ? '–' : speed.ttftMs.toFixed(0),
    `${entry.at.slice(0, 10)}${isStale ? ', out of date' : ''}`,
  ];
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
