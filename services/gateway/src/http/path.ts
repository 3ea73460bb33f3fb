/** The path of a request's URL, as it came (not decoded). */
export function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '/';
}

/** What answers programs and not people: never a page, never a redirect. */
export function isApi(path: string): boolean {
  return path === '/api' || path.startsWith('/api/') || path === '/metrics' || path === '/health';
}
