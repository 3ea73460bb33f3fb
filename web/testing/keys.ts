import {
  ApiKeyInputSchema,
  ApiKeyPatchSchema,
  type ApiKey,
  type ApiKeyInput,
  type ApiKeyPatch,
} from '@boocontrol/contracts';
import { instantFromMs, instantToMs } from '@boocontrol/fleet-model';
import { refuse, type Answer } from './answer.js';

const DAY_MS = 86_400_000;

const idOf = (n: number): string => `0199f7a1-6f0e-4c3a-9d2b-${String(n).padStart(12, '0')}`;

export const apiKey = (n: number, more: Partial<ApiKey> = {}): ApiKey => ({
  id: idOf(n),
  name: `Key ${n}`,
  label: `client-${n}`,
  createdAt: instantFromMs(Date.UTC(2026, 10, 1) + n * 60_000),
  expiresAt: null,
  models: [],
  policies: [],
  requestsPerMinute: null,
  tokensPerMinute: null,
  concurrentRequests: null,
  monthlyTokens: null,
  frontier: false,
  disabledAt: null,
  lastUsedAt: null,
  tokensThisMonth: 0,
  ...more,
});

/** What a home would have: limited and not, expired, revoked, over its budget. */
export const homeKeys = (nowMs: number): ApiKey[] => [
  apiKey(1, {
    name: 'Laptop of Ada',
    label: 'opencode',
    models: ['qwen*', 'tower/*'],
    policies: ['code', 'direct'],
    requestsPerMinute: 60,
    tokensPerMinute: 200_000,
    concurrentRequests: 4,
    monthlyTokens: 50_000_000,
    tokensThisMonth: 21_480_112,
    lastUsedAt: instantFromMs(nowMs - 40_000),
  }),
  apiKey(2, {
    name: 'Chat for the family',
    label: 'open-webui',
    monthlyTokens: 5_000_000,
    tokensThisMonth: 4_410_900,
    lastUsedAt: instantFromMs(nowMs - 3_600_000),
    expiresAt: instantFromMs(nowMs + 12 * DAY_MS),
  }),
  apiKey(3, {
    name: 'Nightly summaries, with a name that is much longer than its column',
    label: 'cron',
    policies: ['night'],
    monthlyTokens: 1_000_000,
    tokensThisMonth: 1_204_551,
    lastUsedAt: instantFromMs(nowMs - 9 * 3_600_000),
  }),
  apiKey(4, { name: 'Guest', label: 'guest', expiresAt: instantFromMs(nowMs - 3 * DAY_MS) }),
  apiKey(5, {
    name: 'Old phone',
    label: 'phone',
    disabledAt: instantFromMs(nowMs - 20 * DAY_MS),
    tokensThisMonth: 0,
    lastUsedAt: instantFromMs(nowMs - 21 * DAY_MS),
  }),
  apiKey(6, { name: 'Research', label: 'research', frontier: true, tokensThisMonth: 812 }),
];

/** Keys for /v1 of a made-up gateway. */
export class MadeKeys {
  list: ApiKey[] = [];
  isNeeded = false;
  /** Set: the list fails with it. */
  listFails: { code: string; message: string } | null = null;
  private lastMade = 100;

  answer(method: string, path: string, body: unknown): Answer {
    const [, , id] = path.split('/');
    if (method === 'GET')
      return this.listFails
        ? { status: 503, body: { error: this.listFails } }
        : { status: 200, body: { keys: this.list, isNeeded: this.isNeeded } };
    if (method === 'POST') return this.make(body);
    const known = this.list.find((key) => key.id === id);
    if (!known) return refuse(404, 'not_found', `There is no key with the id ${id ?? ''}.`);
    if (method === 'DELETE') {
      this.list = this.list.filter((key) => key !== known);
      return { status: 204 };
    }
    const patch = ApiKeyPatchSchema.safeParse(body);
    return patch.success ? this.change(known, patch.data) : invalid(patch.error.issues);
  }

  private make(body: unknown): Answer {
    const input = ApiKeyInputSchema.safeParse(body);
    if (!input.success) return invalid(input.error.issues);
    const n = ++this.lastMade;
    const made = apiKey(n, { ...stored(input.data), createdAt: instantFromMs(Date.now()) });
    this.list = [...this.list, made];
    const key = `boo_${String(n).padStart(43, 'Zx7Qp2')}`;
    return { status: 201, body: { apiKey: made, key } };
  }

  private change(known: ApiKey, { isDisabled, ...patch }: ApiKeyPatch): Answer {
    const disabledAt =
      isDisabled === undefined ? known.disabledAt : isDisabled ? instantFromMs(Date.now()) : null;
    const changed = { ...known, ...stored(patch), disabledAt };
    this.list = this.list.map((key) => (key === known ? changed : key));
    return { status: 200, body: changed };
  }
}

/** Instants as the database gives them back. */
function stored<T extends Partial<ApiKeyInput>>(input: T): T {
  const { expiresAt } = input;
  return expiresAt ? { ...input, expiresAt: instantFromMs(instantToMs(expiresAt)) } : input;
}

function invalid(issues: readonly { path: PropertyKey[]; message: string }[]): Answer {
  const details = issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  return refuse(400, 'validation', 'The body is not valid.', details);
}
