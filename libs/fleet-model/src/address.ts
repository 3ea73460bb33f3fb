/** What reaches the same machine from itself. `0.0.0.0` and `::` are answered there, too. */
const THIS_MACHINE = /^(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|\[::\]|\[::ffff:(?:7f00:1|0:0)\])$/;

/**
 * The normal form of a host's address: two addresses that surely lead to the same llama-swap have the same. Case of scheme
 * and name, a default port, a final dot of the name, slashes at the end, and the names of the loopback do not count. Names
 * are not looked up, so one machine under a name and a number has two forms.
 * @param baseUrl an http(s) URL
 * @throws {TypeError} when it is no URL
 */
export function normalAddress(baseUrl: string): string {
  const { protocol, hostname, port, pathname } = new URL(baseUrl);
  const name = hostname.replace(/\.+$/, '');
  const host = THIS_MACHINE.test(name) ? 'localhost' : name;
  return `${protocol}//${host}${port === '' ? '' : `:${port}`}${pathname.replace(/\/+$/, '')}`;
}
