// A process that holds a host until it is killed, and says every few milliseconds whether it believes that it does:
// node holder.mjs SERVERS USER PASSWORD BUCKET TTL_MS
import { acquireHostAccess, HostLeases } from '@boocontrol/client';
import { connect } from '@nats-io/transport-node';

const [servers, user, pass, bucket, ttlMs] = process.argv.slice(2);
const nc = await connect({ servers, user, pass, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
const access = await acquireHostAccess(new HostLeases(nc, { bucket, ttlMs: Number(ttlMs) }), {
  providerId: 'tower',
  holder: 'a process',
  purpose: 'bench: standing still',
  source: 'test',
});
const say = (words) => process.stdout.write(`${JSON.stringify(words)}\n`);
if (access.ok) {
  const { lease } = access;
  lease.lost.addEventListener('abort', () => say({ atMs: Date.now(), lost: lease.lost.reason.message }));
  setInterval(() => say({ atMs: Date.now(), isHeld: lease.isHeld }), 5);
} else {
  say({ atMs: Date.now(), lost: access.reason });
}
