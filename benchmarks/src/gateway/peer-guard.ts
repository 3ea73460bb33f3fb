// Loaded into the peer before its own program. It listens on all interfaces and relays to any address it is told: here
// only this machine may ask it, and it ends when the benchmark does, however that ends.
import { Server } from 'node:net';

type Listen = (this: Server, port: number, host: string, done?: () => void) => Server;

const listen = Reflect.get(Server.prototype, 'listen') as Listen;
Server.prototype.listen = function onLoopback(this: Server, ...args: unknown[]): Server {
  const [port] = args;
  const done = args.at(-1);
  if (typeof port !== 'number') throw new Error('the peer listens in another way than by its port');
  return listen.call(this, port, '127.0.0.1', typeof done === 'function' ? () => void done() : undefined);
};
process.stdin.on('close', () => process.exit(0)).resume();
