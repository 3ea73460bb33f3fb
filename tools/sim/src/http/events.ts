import type { HostEngine, HostSignal } from '../engine/host-engine.js';
import type { SimHostOptions } from '../options.js';
import type { Exchange } from './context.js';
import { EventStream } from './event-stream.js';
import { StreamWriter } from './stream-writer.js';

/** `GET /api/events`: the state so far, then everything that happens, until one side leaves. */
export function streamEvents({ ctx, res }: Exchange): void {
  const { engine, options, faults, rng } = ctx;
  res.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-cache',
    Connection: 'keep-alive',
    'X-Content-Type-Options': 'nosniff',
    'X-Accel-Buffering': 'no',
  });
  res.flushHeaders();
  const stream = new EventStream(new StreamWriter(res, faults, rng, 'events'), faults);
  const stop = engine.signals.on((signal) => forward(engine, options, stream, signal));
  res.on('close', stop);
  greet(engine, options, stream);
}

function greet(engine: HostEngine, options: SimHostOptions, stream: EventStream): void {
  const { generation } = engine;
  stream.send('logData', { data: engine.logs.proxy.history(), source: 'proxy' });
  stream.send('logData', { data: engine.logs.upstream.history(), source: 'upstream' });
  stream.send('modelStatus', modelStatus(engine, options));
  if (generation === 'A') {
    stream.send(
      'metrics',
      engine.activity.rows().map((row) => engine.withCaptureState(row)),
    );
  } else {
    stream.send('uiConfig', { title: 'llama-swap' });
  }
  if (generation === 'C' && options.profiles) stream.send('profileChanged', { active: engine.activeProfile });
  stream.send('inflight', engine.inflight.current());
}

function forward(engine: HostEngine, options: SimHostOptions, stream: EventStream, signal: HostSignal): void {
  switch (signal.type) {
    case 'models':
      return stream.send('modelStatus', modelStatus(engine, options));
    case 'log':
      return stream.send('logData', { data: signal.data, source: signal.source });
    case 'row':
      return engine.generation === 'A'
        ? stream.send('metrics', [signal.row])
        : stream.send('activity', { id: signal.row.id });
    case 'inflight':
      return stream.send('inflight', signal.message);
    case 'profile':
      return stream.send('profileChanged', { active: engine.activeProfile });
    case 'unknown':
      return stream.send(signal.name, { hello: true });
  }
}

/** Every configured model by id, then the peers' models, whose state is empty. */
function modelStatus(engine: HostEngine, options: SimHostOptions): object[] {
  const newer = engine.generation !== 'A';
  const local = [...engine.models.values()].map(({ spec, state }) => ({
    id: spec.id,
    name: spec.name,
    description: spec.description,
    state,
    unlisted: spec.unlisted,
    peerID: '',
    ...(newer && spec.aliases.length > 0 ? { aliases: spec.aliases } : {}),
    ...(engine.generation === 'C' && spec.statesCtx ? { context_length: spec.ctx } : {}),
  }));
  const remote = options.peers.flatMap((peer) =>
    peer.models.map((id) => ({ id, name: '', description: '', state: '', unlisted: false, peerID: peer.id })),
  );
  return [...local, ...remote];
}
