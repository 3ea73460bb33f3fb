import type {
  Action,
  ActionPreview,
  ActionRequest,
  ControlFrames,
  FleetState,
  Lease,
  HostProfiles,
  Problem,
  PublicProvider,
} from '@boocontrol/contracts';
import { instantFromMs, instantToMs } from '@boocontrol/fleet-model';
import { action, lease, nextActionId, subjectOf } from './actions.js';
import { refuse, type Answer } from './answer.js';

/** One running, three waiting. */
const DEPTH = 4;

/** How long an action takes where nobody moves it on. */
const TAKES_MS = 8000;

interface Surroundings {
  providers: () => readonly PublicProvider[];
  fleet: () => FleetState;
  /** Sends a frame to every browser. */
  tell: <E extends 'control_actions' | 'control_leases'>(event: E, frame: ControlFrames[E]) => void;
}

/** Actions and leases of a made-up fleet, as the services behind the gateway answer; a test moves them on. */
export class MadeControls {
  readonly actions = new Map<string, Action>();
  readonly leases = new Map<string, Lease>();
  /** So many answers do not come in time, although what was asked for is done. */
  lostAnswers = 0;
  /** What a dry run says of loads; null: none was seen. */
  load: ActionPreview['load'] = { medianS: 41.5, minS: 38, maxS: 90.2, samples: 5 };
  /** Set: dry runs fail with it. */
  previewFails: Problem | null = null;
  /** What every host of the fleet tells of its profiles, or refuses to tell. */
  profiles: HostProfiles | Problem = {
    active: 'day',
    profiles: [
      { id: 'day', description: 'Small models for many' },
      { id: 'coding', description: '' },
    ],
  };
  /** While set, browsers are told nothing of actions and leases. */
  holdsFacts = false;
  /** Set: the lists fail with it. */
  listFails: Problem | null = null;
  private readonly keys = new Map<string, string>();
  private turn = 1;
  private trouble: string | null = null;

  constructor(private readonly around: Surroundings) {}

  get whole(): ControlFrames['control_actions'] {
    return { type: 'all', actions: [...this.actions.values()], trouble: this.trouble };
  }
  get held(): ControlFrames['control_leases'] {
    return {
      leases: [...this.leases.values()].filter(({ endedAt }) => endedAt === null),
      trouble: this.trouble,
    };
  }

  /** All of it again, to every browser. */
  tellAll(): void {
    this.around.tell('control_actions', this.whole);
    this.around.tell('control_leases', this.held);
  }

  /** The bus is away, or back. */
  setTrouble(trouble: string | null): void {
    this.trouble = trouble;
    this.tellAll();
  }

  open(providerId: string): Action[] {
    return [...this.actions.values()]
      .filter((each) => each.providerId === providerId && isOpen(each))
      .sort((a, b) => (a.turn ?? 0) - (b.turn ?? 0));
  }

  /** Lets the queues live: the first of each begins, and ends some seconds later. */
  step(nowMs: number): void {
    for (const providerId of new Set([...this.actions.values()].map((each) => each.providerId))) {
      const [first] = this.open(providerId);
      if (first?.state === 'queued') this.start(first.id);
      else if (first && nowMs - instantToMs(first.startedAt ?? first.createdAt) > TAKES_MS)
        this.end(first.id, 'succeeded');
    }
  }

  private toldLeases(): void {
    if (!this.holdsFacts) this.around.tell('control_leases', this.held);
  }

  private told(action: Action): void {
    if (this.holdsFacts) return;
    this.around.tell('control_actions', { type: 'changed', actions: [action], trouble: this.trouble });
  }

  /** The next copy of an action, told to every browser. */
  change(id: string, more: Partial<Action>): Action {
    const known = this.actions.get(id);
    if (!known) throw new Error(`there is no action ${id}`);
    const changed = { ...known, ...more, version: known.version + 1 };
    this.actions.set(id, changed);
    this.told(changed);
    return changed;
  }
  start(id: string): Action {
    return this.change(id, { state: 'started', startedAt: now() });
  }
  end(id: string, state: Action['state'], reason: Problem | null = null): Action {
    return this.change(id, { state, endedAt: now(), progress: null, reason });
  }

  /** Puts an action in its queue, as somebody else. */
  add(request: ActionRequest, more: Partial<Action> = {}): Action {
    const queues = request.kind !== 'cancel';
    const made = action({
      id: nextActionId(),
      ...subjectOf(request),
      turn: queues ? this.turn++ : null,
      createdAt: now(),
      ...more,
    });
    this.actions.set(made.id, made);
    this.told(made);
    return made;
  }

  hold(providerId: string, more: Partial<Lease> = {}): Lease {
    const made = lease({
      id: `${providerId}.${String(this.leases.size + 1).padStart(12, 'x')}`,
      providerId,
      since: now(),
      ...more,
    });
    this.leases.set(made.id, made);
    this.toldLeases();
    return made;
  }
  changeLease(id: string, more: Partial<Lease>): void {
    const known = this.leases.get(id);
    if (!known) throw new Error(`there is no lease ${id}`);
    this.leases.set(id, { ...known, ...more, version: known.version + 1 });
    this.toldLeases();
  }

  answerActions(
    method: string,
    path: string,
    params: URLSearchParams,
    body: unknown,
    key: string | undefined,
  ): Answer {
    const id = path.split('/')[2];
    if (method === 'GET' && id !== undefined) {
      const found = this.actions.get(id);
      return found ? { status: 200, body: found } : refuse(404, 'not_found', 'There is no such action.');
    }
    if (method === 'GET')
      return this.listFails
        ? { status: 503, body: { error: this.listFails } }
        : { status: 200, body: this.actionsPage(params) };
    if (method === 'DELETE') return this.takeBack(id ?? '');
    const request = body as ActionRequest;
    const confirm = params.get('confirm') === 'true';
    if (params.get('dryRun') === 'true') {
      if (this.previewFails) return { status: 503, body: { error: this.previewFails } };
      return { status: 200, body: this.preview(request, confirm) };
    }
    const replayed = key === undefined ? undefined : this.actions.get(this.keys.get(key) ?? '');
    if (replayed) return { status: 202, body: { action: replayed, ahead: null, isReplay: true } };
    const refusal = this.refusalOf(request, confirm);
    if (refusal) return { status: refusal.code.startsWith('unknown') ? 404 : 409, body: { error: refusal } };
    const ahead = this.open(request.providerId).length;
    if (confirm) this.endLease(request.providerId, 'browser');
    const made = this.add(request, { confirmed: confirm });
    if (key !== undefined) this.keys.set(key, made.id);
    if (this.lostAnswers > 0) {
      this.lostAnswers -= 1;
      return refuse(504, 'timeout', 'The actions service did not answer in time.');
    }
    const done = request.kind === 'cancel' ? this.end(made.id, 'succeeded') : made;
    return {
      status: 202,
      body: { action: done, ahead: request.kind === 'cancel' ? null : ahead, isReplay: false },
    };
  }

  private actionsPage(params: URLSearchParams): object {
    const of = params.get('providerId');
    const all = [...this.actions.values()].filter(({ providerId }) => of === null || providerId === of);
    return {
      open: all.filter(isOpen).sort((a, b) => (a.turn ?? 0) - (b.turn ?? 0)),
      ...pageOf(
        'ended',
        all.filter((each) => !isOpen(each)).sort((a, b) => ((a.endedAt ?? '') < (b.endedAt ?? '') ? 1 : -1)),
        params,
      ),
    };
  }

  answerProfiles(): Answer {
    return 'code' in this.profiles
      ? { status: 409, body: { error: this.profiles } }
      : { status: 200, body: this.profiles };
  }

  answerLeases(method: string, path: string, params: URLSearchParams, body: unknown): Answer {
    if (method === 'GET') {
      const of = params.get('providerId');
      const all = [...this.leases.values()].filter(({ providerId }) => of === null || providerId === of);
      const ended = all
        .filter(({ endedAt }) => endedAt !== null)
        .sort((a, b) => ((a.endedAt ?? '') < (b.endedAt ?? '') ? 1 : -1));
      return {
        status: 200,
        body: { held: all.filter(({ endedAt }) => endedAt === null), ...pageOf('ended', ended, params) },
      };
    }
    if (method === 'DELETE') {
      const id = decodeURIComponent(path.split('/')[2] ?? '');
      if (this.leases.get(id)?.endedAt === null) this.changeLease(id, { endedAt: now(), end: 'released' });
      return { status: 204 };
    }
    if (path.endsWith('/end')) {
      const id = decodeURIComponent(path.split('/')[2] ?? '');
      const endedBy = (body as { by: string }).by;
      if (this.leases.get(id)?.endedAt === null)
        this.changeLease(id, { endedAt: now(), end: 'taken_over', endedBy });
      return { status: 204 };
    }
    const asked = body as { providerId: string; holder: string; purpose: string; takeOver?: boolean };
    const refusal = asked.takeOver ? null : this.leaseRefusal(asked.providerId);
    if (refusal) return { status: 409, body: { error: refusal } };
    this.endLease(asked.providerId, asked.holder);
    const { id } = this.hold(asked.providerId, {
      holder: asked.holder,
      purpose: asked.purpose,
      source: 'browser',
    });
    return {
      status: 201,
      body: {
        leaseId: id,
        providerId: asked.providerId,
        fencingToken: '1763800000000000.12',
        expiresInMs: 15_000,
        heartbeatEveryMs: 5_000,
      },
    };
  }

  private endLease(providerId: string, endedBy: string): void {
    for (const each of this.held.leases)
      if (each.providerId === providerId)
        this.changeLease(each.id, { endedAt: now(), end: 'taken_over', endedBy });
  }

  private takeBack(id: string): Answer {
    const known = this.actions.get(id);
    if (!known) return refuse(404, 'not_found', 'There is no such action.');
    if (known.state === 'started')
      return refuse(409, 'already_started', 'It has started, and can no longer be taken back.');
    if (!isOpen(known)) return refuse(409, 'already_ended', 'It has ended already.');
    return { status: 200, body: this.end(id, 'cancelled') };
  }

  private preview(request: ActionRequest, confirm: boolean): ActionPreview {
    const { models, inflight } = this.around.fleet().hosts[request.providerId] ?? {
      models: [],
      inflight: null,
    };
    const loaded = models.filter(({ state }) => state === 'ready' || state === 'starting');
    const goes = (id: string): boolean =>
      request.kind === 'unload-all' ||
      (request.kind === 'unload' && request.model === id) ||
      (request.kind === 'warm' && request.model !== id);
    const evicts = loaded
      .filter(({ id }) => goes(id))
      .map(({ id }): ActionPreview['evicts'][number] => ({
        model: id,
        certainty: request.kind === 'warm' ? 'likely' : 'sure',
        seen: request.kind === 'warm' ? { times: 4, of: 5 } : { times: 0, of: 0 },
      }));
    const suffering = evicts.flatMap(({ model }) => {
      const requests = (inflight?.requests ?? []).filter((each) => each.model === model).length;
      return requests > 0 ? [{ model, requests }] : [];
    });
    const told = {
      refusal: this.refusalOf(request, confirm),
      ahead: this.open(request.providerId).length,
      evicts,
      load: request.kind === 'warm' ? this.load : null,
      inflight: suffering,
    };
    return { ...told, sentence: sentenceOf(request, told) };
  }

  private refusalOf(request: ActionRequest, confirm: boolean): Problem | null {
    const { providerId, kind } = request;
    const provider = this.around.providers().find(({ id }) => id === providerId);
    if (!provider) return { code: 'unknown_provider', message: 'There is no such host.' };
    const host = this.around.fleet().hosts[providerId];
    const name = provider.label;
    if (!provider.enabled)
      return { code: 'host_disabled', message: `${name} is disabled. Enable it, then ask again.` };
    if (provider.maintenance)
      return {
        code: 'in_maintenance',
        message: `${name} is in maintenance: nothing is asked of it. End the maintenance, then ask again.`,
        details: { since: provider.maintenance.since, note: provider.maintenance.note },
      };
    if (host?.liveness?.state !== 'connected')
      return {
        code: 'host_offline',
        message: `${name} cannot be reached. Look at it, then ask again when it is connected.`,
      };
    if (kind === 'cancel' && host.liveness.generation === 'A')
      return {
        code: 'not_offered',
        message: `The llama-swap of ${name} cannot cancel requests. Versions from v241 on can.`,
      };
    if (!confirm) {
      const stands = this.leaseRefusal(providerId) ?? protectionOf(request, provider);
      if (stands) return stands;
    }
    const queue = this.open(providerId);
    if (kind !== 'cancel' && queue.length >= DEPTH)
      return {
        code: 'queue_full',
        message: `The queue of ${name} is full. Take something back, or wait until the first is done.`,
        details: { open: queue },
      };
    return null;
  }

  private leaseRefusal(providerId: string): Problem | null {
    const standing = this.held.leases.find((each) => each.providerId === providerId);
    if (!standing) return null;
    const { holder, purpose, expectedUntil } = standing;
    return {
      code: purpose.startsWith('bench') ? 'bench_in_progress' : 'host_leased',
      message: `${holder} has the host: ${purpose}. Ask again when they are done, or take over: they are told.`,
      requiresConfirmation: true,
      details: { holder, purpose, since: standing.since, until: expectedUntil },
    };
  }
}

const now = (): string => instantFromMs(Date.now());
const isOpen = ({ state }: Action): boolean => state === 'queued' || state === 'started';

function protectionOf(
  request: ActionRequest,
  { label, protectedModels = [] }: PublicProvider,
): Problem | null {
  const model = request.kind === 'unload' ? protectedModels.find((id) => id === request.model) : undefined;
  return model === undefined
    ? null
    : {
        code: 'model_protected',
        message: `${model} is protected on ${label}.`,
        requiresConfirmation: true,
        details: { models: [model] },
      };
}

function pageOf<T>(name: string, all: readonly T[], params: URLSearchParams): object {
  const start = Number(params.get('cursor') ?? 0);
  const next = start + Number(params.get('limit') ?? 100);
  return { [name]: all.slice(start, next), nextCursor: next < all.length ? String(next) : null };
}

/** As the actions service says it: what stands against it is the end of the sentence. */
function sentenceOf(
  request: ActionRequest,
  { refusal, evicts, load, inflight }: Omit<ActionPreview, 'sentence'>,
): string {
  const against = refusal?.message ?? '';
  if (refusal && !refusal.requiresConfirmation) return against;
  const names = evicts.map(({ model }) => model).join(' and ');
  const number = inflight.reduce((sum, { requests }) => sum + requests, 0);
  const suffer = (fate: string): string => (number === 0 ? '' : `${number} under way ${fate}.`);
  const parts = (): string[] => {
    switch (request.kind) {
      case 'warm':
        return [
          load
            ? `Loads ${request.model}: ${Math.round(load.medianS)} s as a rule.`
            : `Loads ${request.model}; how long that takes was not seen yet.`,
          names ? `${names} will probably be unloaded.` : '',
          suffer('would wait or be cut off'),
        ];
      case 'unload':
        return [`Stops ${request.model}.`, suffer('would be cut off')];
      case 'unload-all':
        return [
          names ? `Stops ${names}.` : 'No model is loaded, so there is nothing to stop.',
          suffer('would be cut off'),
        ];
      case 'profile':
        return [`Makes ${request.profile} the active profile; what is loaded stays loaded.`];
      case 'cancel':
        return ['Cancels a request.'];
    }
  };
  return [...parts(), against].filter(Boolean).join(' ');
}
