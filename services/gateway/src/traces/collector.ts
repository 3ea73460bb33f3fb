import type { GatewayConfig } from '../config.js';

/** Where spans go. */
export interface Collector {
  url: string;
  /** They may be secret: neither logged nor shown. */
  headers: Readonly<Record<string, string>>;
}

type Variables = Pick<
  GatewayConfig,
  | 'OTEL_EXPORTER_OTLP_ENDPOINT'
  | 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'
  | 'OTEL_EXPORTER_OTLP_HEADERS'
  | 'OTEL_EXPORTER_OTLP_TRACES_HEADERS'
>;

/**
 * As OpenTelemetry reads its own variables: an address for traces is used as it stands, to one for all signals the path of
 * traces is added. null: spans are not wanted.
 */
export function collectorOf(variables: Variables): Collector | null {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: all, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces } = variables;
  const url = traces ?? (all === undefined ? null : `${all.replace(/\/+$/, '')}/v1/traces`);
  if (url === null) return null;
  const headers = readHeaders(
    variables.OTEL_EXPORTER_OTLP_TRACES_HEADERS ?? variables.OTEL_EXPORTER_OTLP_HEADERS,
  );
  return { url, headers };
}

/** `api-key=secret,x-tenant=home`, percent-encoded. */
function readHeaders(text = ''): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const pair of text.split(',')) {
    const at = pair.indexOf('=');
    if (at > 0) headers[pair.slice(0, at).trim().toLowerCase()] = decoded(pair.slice(at + 1).trim());
  }
  return headers;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
