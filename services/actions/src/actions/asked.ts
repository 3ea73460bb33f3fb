import type { Action, ActionKind, ActionRequest, ModelState } from '@boocontrol/contracts';

/** What is wanted of a host, and under which circumstances. */
export interface Asked {
  providerId: string;
  kind: ActionKind;
  model: string | null;
  profile: string | null;
  inflightId: string | null;
  /** true: also if that ends somebody's lease or stops a protected model. */
  confirmed: boolean;
  /** Of the asking program's own lease; null: it has none. */
  fencingToken: string | null;
}

export function askedOf(
  request: ActionRequest,
  { confirm, fencingToken }: { confirm: boolean; fencingToken?: string | undefined },
): Asked {
  return {
    providerId: request.providerId,
    kind: request.kind,
    model: 'model' in request ? request.model : null,
    profile: 'profile' in request ? request.profile : null,
    inflightId: 'inflightId' in request ? request.inflightId : null,
    confirmed: confirm,
    fencingToken: fencingToken ?? null,
  };
}

/** Its process is there, or may be. */
export const isLoaded = (state: ModelState): boolean =>
  state === 'ready' || state === 'starting' || state === 'stopping' || state === 'unknown';

/** What was wanted, for sentences: "load qwen3-30b". */
export function wish({ kind, model, profile }: Pick<Action, 'kind' | 'model' | 'profile'>): string {
  switch (kind) {
    case 'warm':
      return `load ${model}`;
    case 'unload':
      return `stop ${model}`;
    case 'unload-all':
      return 'stop all models';
    case 'profile':
      return profile === null ? 'leave its profile' : `switch to the profile ${profile}`;
    case 'cancel':
      return 'cancel the request';
  }
}
