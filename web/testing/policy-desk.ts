import {
  DryRunRequestSchema,
  ExplainRequestSchema,
  NewRoutePolicySchema,
  RoutePolicyInputSchema,
  type Explain,
  type FleetState,
  type PublicProvider,
  type RouteCandidate,
  type RouteChoices,
  type RouteFact,
  type RoutePolicy,
  type RoutePolicyInput,
  type RoutePolicyVersions,
  type RouteTerms,
} from '@boocontrol/contracts';
import { fits, instantFromMs } from '@boocontrol/fleet-model';
import { refuse, type Answer } from './answer.js';
import { dryRunOf, meanOf } from './dry-run.js';

interface Surroundings {
  policies: RoutePolicy[];
  dispatches: () => readonly RouteFact[];
  providers: () => readonly PublicProvider[];
  fleet: () => FleetState;
}

const now = (): string => instantFromMs(Date.now());

/** Changes of policies and dry runs over a made-up fleet, in the manner of the gateway; its arithmetic is simpler. */
export class PolicyDesk {
  /** Newest first, by name. */
  private readonly past = new Map<string, RoutePolicyVersions['versions']>();
  /** Bodies of dry runs, in their order. */
  readonly explained: unknown[] = [];
  /** Set: dry runs fail with it. */
  explainFails: { code: string; message: string } | null = null;

  /** Bodies of what was held against the last day, in their order. */
  readonly held: unknown[] = [];
  /** Set: to hold a policy against the last day fails with it. */
  dryRunFails: { code: string; message: string } | null = null;

  constructor(private readonly around: Surroundings) {}

  /** null: it is for somebody else. */
  answer(method: string, path: string, params: URLSearchParams, body: unknown): Answer | null {
    const [, , what, name, more] = path.split('/');
    if (what === 'choices') return { status: 200, body: this.choices() };
    if (what === 'explain') return this.explain(body);
    if (what === 'dry-run') return this.dryRun(body);
    if (what !== 'policies' || (method === 'GET' && name === undefined)) return null;
    if (method === 'POST') return this.create(body);
    const known = this.around.policies.find((each) => each.name === name);
    if (!known) return refuse(404, 'not_found', `There is no policy "${name ?? ''}".`);
    if (more === 'versions') return { status: 200, body: { versions: this.versions(known) } };
    const version = Number(params.get('version'));
    if (version !== known.version)
      return refuse(409, 'conflict', `"${known.name}" was changed by somebody else in the meantime.`, {
        version: known.version,
      });
    return method === 'DELETE' ? this.remove(known) : this.replace(known, body);
  }

  /** As somebody else. */
  change(name: string, more: Partial<RoutePolicyInput>): void {
    const known = this.around.policies.find((each) => each.name === name);
    if (known) this.put(known, { ...inputOf(known), ...more });
  }

  private versions(known: RoutePolicy): RoutePolicyVersions['versions'] {
    const { version, updatedAt: at } = known;
    return [{ version, at, policy: inputOf(known) }, ...(this.past.get(known.name) ?? [])];
  }

  private create(body: unknown): Answer {
    const input = NewRoutePolicySchema.safeParse(body);
    if (!input.success) return refuse(400, 'validation', 'The body is not valid.', []);
    const { name } = input.data;
    if (this.around.policies.some((each) => each.name === name))
      return refuse(409, 'exists', `There is a policy "${name}" already.`);
    const made = { ...input.data, version: 1, isBuiltIn: false, updatedAt: now() };
    this.around.policies.push(made);
    return { status: 201, body: made };
  }

  private replace(known: RoutePolicy, body: unknown): Answer {
    const input = RoutePolicyInputSchema.safeParse(body);
    if (!input.success) return refuse(400, 'validation', 'The body is not valid.', []);
    return { status: 200, body: this.put(known, input.data) };
  }

  private put(known: RoutePolicy, input: RoutePolicyInput): RoutePolicy {
    this.past.set(known.name, this.versions(known));
    Object.assign(known, input, { version: known.version + 1, updatedAt: now() });
    return known;
  }

  private remove(known: RoutePolicy): Answer {
    if (known.isBuiltIn) return refuse(409, 'built_in', 'Built in.');
    this.around.policies.splice(this.around.policies.indexOf(known), 1);
    return { status: 204 };
  }

  private explain(body: unknown): Answer {
    this.explained.push(body);
    if (this.explainFails) return refuse(400, this.explainFails.code, this.explainFails.message);
    const asked = ExplainRequestSchema.parse(body);
    const { model } = asked.body;
    const name = /^auto(?::(.+))?$/.exec(model)?.[1] ?? (model === 'auto' ? 'auto' : null);
    const saved = this.around.policies.find((each) => each.name === name) ?? null;
    const policy: RoutePolicy | null =
      asked.draft?.name === name
        ? {
            ...asked.draft,
            name: name ?? '',
            version: (saved?.version ?? 0) + 1,
            isBuiltIn: saved?.isBuiltIn ?? false,
            updatedAt: now(),
          }
        : saved;
    return { status: 200, body: this.decide(policy, model) };
  }

  private dryRun(body: unknown): Answer {
    this.held.push(body);
    if (this.dryRunFails) return refuse(503, this.dryRunFails.code, this.dryRunFails.message);
    const { draft } = DryRunRequestSchema.parse(body);
    return { status: 200, body: dryRunOf(this.around.dispatches(), draft, Date.now()) };
  }

  private decide(policy: RoutePolicy | null, model: string): Explain {
    const candidates = this.candidates(policy, policy === null ? model : null);
    const [first] = candidates;
    const choice = first?.filter === null ? { providerId: first.providerId, model: first.model } : null;
    const error =
      choice === null ? { code: 'no_candidate' as const, message: 'Nobody can answer this now.' } : null;
    return { policy, candidates, choice, error };
  }

  private choices(): RouteChoices {
    const { hosts } = this.around.fleet();
    return {
      policies: this.around.policies.map((policy) => {
        const [best] = this.candidates(policy, null);
        if (best?.filter !== null || best === undefined)
          return { name: policy.name, choice: null, why: 'The policy leaves everything out.' };
        const { providerId, model, score, terms } = best;
        return { name: policy.name, choice: { providerId, model, score, terms }, why: null };
      }),
      speeds: Object.values(hosts).flatMap(({ providerId, models }) =>
        models
          .filter(({ state }) => state === 'ready')
          .map(({ id }) => ({ providerId, model: id, genTps: 10 + 90 * shareOf(id) })),
      ),
    };
  }

  /** @param named the model that was asked for by its name; null: any */
  private candidates(policy: RoutePolicy | null, named: string | null): RouteCandidate[] {
    const { hosts } = this.around.fleet();
    const all = this.around.providers().flatMap((provider) =>
      (hosts[provider.id]?.models ?? [])
        .filter(({ id }) => named === null || id === named || `${provider.id}/${id}` === named)
        .map(({ id: model, state }): RouteCandidate => {
          const providerId = provider.id;
          const isDown = hosts[providerId]?.liveness?.state !== 'connected';
          const filter = isDown ? 'offline' : isLeftOut(policy, provider, model) ? 'policy_excludes' : null;
          const why = isDown ? `${providerId} is not connected.` : 'The policy leaves it out.';
          const terms = termsOf(model, state === 'ready');
          return filter === null
            ? {
                providerId,
                model,
                filter,
                why: null,
                score: policy && meanOf(policy.weights, terms),
                terms,
                quality: 'guessed',
              }
            : { providerId, model, filter, why, score: null, terms: null };
        }),
    );
    return all.sort((a, b) => (b.score ?? -1) - (a.score ?? -1));
  }
}

const inputOf = ({ name: _1, version: _2, isBuiltIn: _3, updatedAt: _4, ...input }: RoutePolicy) => input;

function isLeftOut(policy: RoutePolicy | null, { id, tags }: PublicProvider, model: string): boolean {
  if (policy === null) return false;
  const { providers, tags: wanted, models } = policy;
  return (
    (providers.length > 0 && !providers.includes(id)) ||
    (wanted.length > 0 && !wanted.some((tag) => tags.includes(tag))) ||
    (models.length > 0 && !models.some((glob) => fits(glob, model)))
  );
}

/** 0 to 1, the same for the same text. */
const shareOf = (text: string): number =>
  Buffer.from(text).reduce((sum, byte) => (sum * 31 + byte) % 997, 7) / 997;

const termsOf = (model: string, isLoaded: boolean): RouteTerms => ({
  quality: shareOf(model) / 2,
  speed: shareOf(`${model} speed`),
  readiness: isLoaded ? 1 : 0.4,
  load: 0.75,
  affinity: 0,
  price: 1,
});
