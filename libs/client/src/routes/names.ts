/** What a client means by the `model` of its request. */
export type Asked =
  | { by: 'policy'; policy: string }
  /** That model there and nowhere else. */
  | { by: 'provider'; providerId: string; model: string }
  /** Any provider that lists it. */
  | { by: 'model'; model: string };

/** Who has which models; ids and aliases alike. */
export interface Listing {
  hasProvider(providerId: string): boolean;
  lists(providerId: string, model: string): boolean;
  isListed(model: string): boolean;
}

const AUTO = 'auto';

/** How clients ask for a policy. */
export function nameOfPolicy(policy: string): string {
  return policy === AUTO ? AUTO : `${AUTO}:${policy}`;
}

/** Whether a name is that of a policy, here or on another BooControl. */
export function isPolicyName(name: string): boolean {
  return name === AUTO || name.startsWith(`${AUTO}:`);
}

/**
 * Reads the name that a client asked for. `a/b` is model `b` of provider `a` wherever there is a provider `a`, but for one
 * case: `a` does not list `b`, and somebody has a model that is really called `a/b`. That is no fallback: the model that
 * answers is the one whose whole name was asked for.
 *
 * Ids of providers hold no slash, so at most one of them can be the beginning of a name.
 */
export function readName(name: string, listing: Listing): Asked {
  if (name === AUTO) return { by: 'policy', policy: AUTO };
  if (isPolicyName(name)) return { by: 'policy', policy: name.slice(AUTO.length + 1) };
  const slash = name.indexOf('/');
  if (slash > 0 && slash < name.length - 1) {
    const [providerId, model] = [name.slice(0, slash), name.slice(slash + 1)];
    if (listing.hasProvider(providerId) && (listing.lists(providerId, model) || !listing.isListed(name)))
      return { by: 'provider', providerId, model };
  }
  return { by: 'model', model: name };
}
