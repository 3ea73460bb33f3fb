import { setTimeout as delay } from 'node:timers/promises';
import { SystemHealthSchema } from '@boocontrol/contracts';

/** Polls /api/health until every part is well. Returns null, or after `timeoutMs` what is not and why. */
export async function waitUntilHealthy(
  address: string,
  timeoutMs: number,
  cancelled: () => boolean,
): Promise<string | null> {
  const deadline = Date.now() + timeoutMs;
  const token = process.env['BOOCONTROL_ADMIN_TOKEN'];
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  let problem = 'the gateway does not answer';
  while (Date.now() < deadline && !cancelled()) {
    try {
      const response = await fetch(`${address}/api/health`, { headers, signal: AbortSignal.timeout(3000) });
      const health = SystemHealthSchema.parse(await response.json());
      const bad = health.parts.filter((part) => part.status !== 'ok');
      if (bad.length === 0) return null;
      problem = bad.map((part) => `${part.name}: ${part.why ?? part.status}`).join('; ');
    } catch {
      // Not listening yet; the deadline decides.
    }
    await delay(150);
  }
  return problem;
}
