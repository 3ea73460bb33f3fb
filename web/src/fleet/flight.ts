import type { HostState, ModelState } from '@boocontrol/contracts';
import { count, plural } from '../format/number';

/** In these states llama-swap lets the requests for a model wait until it is loaded. */
const NOT_LOADED = new Set<ModelState>(['starting', 'stopped', 'shutdown']);

/** The requests under way on a host in words: "2 in flight", "1 running · 4 waiting for gpt-oss-20b". */
export function flightText({ models, inflight }: Pick<HostState, 'models' | 'inflight'>): string {
  const total = inflight?.total ?? 0;
  const byName = new Map(
    models.flatMap((model) => [model.id, ...model.aliases].map((name) => [name, model])),
  );
  const waiting = new Map<string, number>();
  for (const { model: name } of inflight?.requests ?? []) {
    const model = byName.get(name);
    if (!model || !NOT_LOADED.has(model.state)) continue;
    const label = model.name || model.id;
    waiting.set(label, (waiting.get(label) ?? 0) + 1);
  }
  const [most, ...others] = [...waiting].toSorted(([, a], [, b]) => b - a);
  if (!most) return `${count(total)} in flight`;
  const rest = others.reduce((sum, [, n]) => sum + n, 0);
  const running = total - most[1] - rest;
  return [
    ...(running > 0 ? [`${count(running)} running`] : []),
    `${count(most[1])} waiting for ${most[0]}`,
    ...(rest > 0 ? [`${count(rest)} for ${plural(others.length, 'other model')}`] : []),
  ].join(' · ');
}
