import { applyToFleet, instantFromMs } from '@boocontrol/fleet-model';
import type { Fact, FactMap } from '@boocontrol/contracts';
import { homeFleet, type MadeFleet } from './fleet.js';
import { gpu, liveness, model, perf, provider } from './hosts.js';
import { services } from './services.js';

/** A home with a rack of eight GPUs and a machine without one beside it, services of others and another BooControl. */
export function kindsFleet(nowMs: number): MadeFleet {
  const made = homeFleet(nowMs);
  const add = <K extends Fact['kind']>(kind: K, body: FactMap[K]): void => {
    made.fleet = applyToFleet(made.fleet, { kind, seq: made.nextSeq++, body } as Fact);
  };
  const at = instantFromMs(nowMs);
  made.providers = [
    ...made.providers,
    provider('rack', 'Rack', { tags: ['linux', '8 × 3090'] }),
    provider('nuc', 'NUC', { tags: ['linux'] }),
  ];
  add('liveness', liveness('rack', nowMs));
  add('models', {
    providerId: 'rack',
    at,
    models: [
      model('gpt-oss-120b-mxfp4', 'ready', nowMs, { contextLength: 131_072 }),
      model(
        'a-model-with-a-name-that-is-much-longer-than-any-column-can-be-235b-a22b-UD-Q4_K_XL',
        'stopped',
        nowMs,
      ),
      model('qwen3-coder-480b-a35b-Q2_K_XL', 'stopped', nowMs),
    ],
  });
  const gpus = Array.from({ length: 8 }, (_, id) =>
    gpu(id, 'NVIDIA GeForce RTX 3090', 24_576, 0.35 + 0.08 * id),
  );
  for (const back of [5000, 0]) {
    add('perf', perf('rack', nowMs - back, gpus, 0.8));
    add('perf', perf('nuc', nowMs - back, [], 0.1));
  }
  add('liveness', liveness('nuc', nowMs));
  add('models', { providerId: 'nuc', at, models: [model('bge-m3-Q8_0', 'ready', nowMs)] });
  for (const service of services(nowMs)) {
    made.providers.push(service.provider);
    add('liveness', service.liveness);
    add('models', { providerId: service.provider.id, at, models: service.models });
  }
  return made;
}
