import { connect } from 'node:net';

export interface NatsCredentials {
  user: string;
  password: string;
}

/** Whether a NATS server with JetStream answers at this place and accepts these credentials. Never throws. */
export function natsAnswers(
  host: string,
  port: number,
  { user, password }: NatsCredentials,
  timeoutMs = 2_000,
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let received = '';
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
    socket.setEncoding('utf8').on('data', (text: string) => {
      const greeted = received.includes('\r\n');
      received += text;
      if (!greeted && received.includes('\r\n')) {
        if (!/^INFO \{.*"jetstream":\s*true/.test(received)) return finish(false);
        const options = { verbose: false, pedantic: false, user, pass: password, protocol: 1 };
        socket.write(`CONNECT ${JSON.stringify(options)}\r\nPING\r\n`);
      }
      if (received.includes('\r\n-ERR')) return finish(false);
      if (received.includes('\r\nPONG\r\n')) return finish(true);
    });
  });
}
