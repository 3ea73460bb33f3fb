import type { BenchFastest, BenchHistory, FigureKey } from '@boocontrol/contracts';
import type { MadeRun } from './bench-runs.js';

const DAY_MS = 86_400_000;
const isClean = ({ contamination, pollution }: MadeRun['cells'][number]): boolean =>
  contamination.length === 0 && pollution.length === 0;

/** GET /api/bench/history. */
export function historyOf(runs: readonly MadeRun[], params: URLSearchParams, nowMs: number): BenchHistory {
  const figure = params.get('figure') as FigureKey;
  const sinceMs = nowMs - Number(params.get('days') ?? 90) * DAY_MS;
  const is = (name: string, value: string): boolean => (params.get(name) ?? value) === value;
  const points = runs
    .filter(
      ({ run }) =>
        run.startedAt !== null &&
        Date.parse(run.startedAt) >= sinceMs &&
        is('providerId', run.providerId) &&
        is('model', run.model) &&
        is('suite', run.suiteName),
    )
    .flatMap(({ run, cells }) =>
      cells.flatMap((cell) => {
        const summary = cell.figures[figure];
        if (!summary || !is('cell', cell.name)) return [];
        const { repetitions: _, ...value } = summary;
        return [
          {
            runId: run.id,
            at: run.startedAt ?? run.createdAt,
            providerId: run.providerId,
            model: run.model,
            suiteName: run.suiteName,
            cell: cell.name,
            value,
            isClean: isClean(cell),
            engineBuild: run.engineBuild,
          },
        ];
      }),
    )
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  const limit = Number(params.get('limit') ?? 2_000);
  return { points: points.slice(-limit), leftOut: points.length > limit };
}

/** GET /api/bench/fastest. @param runs newest first */
export function fastestOf(runs: readonly MadeRun[]): BenchFastest {
  const models = [...new Set(runs.map(({ run }) => run.model))].sort();
  return {
    models: models.map((model) => ({
      model,
      hosts: [...new Set(runs.filter(({ run }) => run.model === model).map(({ run }) => run.providerId))]
        .flatMap((providerId) => {
          const made = runs.find(
            ({ run, cells }) =>
              run.model === model &&
              run.providerId === providerId &&
              cells.some((cell) => isClean(cell) && cell.figures.genTps),
          );
          const cell = made?.cells.find((each) => isClean(each) && each.figures.genTps);
          if (!made || !cell) return [];
          return [
            {
              providerId,
              runId: made.run.id,
              at: made.run.startedAt ?? made.run.createdAt,
              cell: cell.name,
              genTps: cell.figures.genTps?.median ?? null,
              ttftMs: cell.figures.ttftMs?.median ?? null,
              promptTps: cell.figures.promptTps?.median ?? null,
            },
          ];
        })
        .sort((a, b) => (b.genTps ?? 0) - (a.genTps ?? 0)),
    })),
  };
}
