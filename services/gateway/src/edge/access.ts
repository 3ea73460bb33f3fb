import { isLoopback } from '../config.js';

/** What of a request decides whether it may pass. Header values as they came; absent ones are undefined. */
export interface Approach {
  method: string;
  /** Path without query, as it came (not decoded). */
  path: string;
  host: string | undefined;
  origin: string | undefined;
  fetchSite: string | undefined;
  /** A valid bearer token or session cookie came with it. */
  authenticated: boolean;
}

export interface AccessPolicy {
  /** Names under which this origin may be addressed, lower case and without port; null: any (a token guards it). */
  hosts: ReadonlySet<string> | null;
  tokenNeeded: boolean;
}

export type Verdict =
  | { pass: true }
  | { pass: false; code: 'host_not_allowed' | 'origin_not_allowed' | 'unauthorized'; message: string };

/** The host without its port, lower case; null when it is no host. */
export function hostName(header: string | undefined): string | null {
  if (header === undefined || !/^[A-Za-z0-9._:[\]-]{1,255}$/.test(header)) return null;
  const url = URL.canParse(`http://${header}`) ? new URL(`http://${header}`) : null;
  return url === null || url.hostname === '' ? null : url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
}

/**
 * A page of another site can point its own name at this machine (DNS rebinding); only the Host header tells. On
 * loopback there may be no token, so the names are a closed list; elsewhere the token and its SameSite cookie guard.
 */
export function allowedHosts(listenHost: string, extra: readonly string[]): ReadonlySet<string> | null {
  if (!isLoopback(listenHost) && extra.length === 0) return null;
  const configured = hostName(
    listenHost.includes(':') ? `[${listenHost.replace(/^\[|\]$/g, '')}]` : listenHost,
  );
  const names = ['localhost', '127.0.0.1', '::1', configured, ...extra.map((host) => hostName(host))];
  return new Set(names.filter((name): name is string => name !== null));
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Same host and port; the scheme may differ (a reverse proxy that ends TLS). */
function sameOrigin(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host: originHost } = new URL(origin);
  const own = URL.canParse(`${protocol}//${host}`) ? new URL(`${protocol}//${host}`).host : null;
  return ['http:', 'https:'].includes(protocol) && own === originHost;
}

/** Static build assets and the login page carry no data; all else is behind the token once one is set. */
export function isPublic(method: string, path: string): boolean {
  if (path === '/api/session') return ['GET', 'HEAD', 'POST', 'DELETE'].includes(method);
  if (method !== 'GET' && method !== 'HEAD') return false;
  return (
    path === '/api/health' ||
    path === '/login' ||
    path === '/icon.svg' ||
    /^\/(login|_next\/static)\//.test(path)
  );
}

/** Whether a request may reach a handler. `handshake`: it opens a socket, which a page of any site may try. */
export function judge(approach: Approach, policy: AccessPolicy, handshake = false): Verdict {
  const name = hostName(approach.host);
  if (name === null || (policy.hosts !== null && !policy.hosts.has(name))) {
    return {
      pass: false,
      code: 'host_not_allowed',
      message:
        `This address (${name ?? 'no valid Host header'}) is not one that BooControl answers to. ` +
        `Open it as localhost, or add the name to BOOCONTROL_ALLOWED_HOSTS.`,
    };
  }
  if (handshake || !SAFE_METHODS.has(approach.method)) {
    const foreign =
      approach.origin === undefined
        ? approach.fetchSite !== undefined && !['same-origin', 'none'].includes(approach.fetchSite)
        : !sameOrigin(approach.origin, approach.host ?? '');
    if (foreign) {
      return {
        pass: false,
        code: 'origin_not_allowed',
        message: 'The request comes from a page of another origin. Only BooControl’s own pages may do this.',
      };
    }
  }
  if (
    policy.tokenNeeded &&
    !approach.authenticated &&
    (handshake || !isPublic(approach.method, approach.path))
  ) {
    return {
      pass: false,
      code: 'unauthorized',
      message: 'The admin token is needed: log in, or send it as "Authorization: Bearer <token>".',
    };
  }
  return { pass: true };
}
