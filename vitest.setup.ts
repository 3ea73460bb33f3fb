// Runs before each test file. Every fetch of a test has a connection of its own: one that was kept from before a restart
// of its server, or that the server gives up as idle, may be closed at the moment at which the next request is written.
// The product's own requests do not go through the global fetch, and keep their connections.
const MARK = Symbol.for('boocontrol.own-connections');

if (!(MARK in globalThis)) {
  const kept = globalThis.fetch;
  const own: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : {}));
    if (!headers.has('connection')) headers.set('connection', 'close');
    return kept(input, { ...init, headers });
  };
  Object.assign(globalThis, { fetch: own, [MARK]: true });
}
