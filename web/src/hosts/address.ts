/** The page of a host. */
export const hostHref = (id: string): string => `/hosts/${encodeURIComponent(id)}/`;

/** What the host and its models write. */
export const logHref = (id: string): string => `/logs/?host=${encodeURIComponent(id)}`;

/** Whose page a path is; null: no host's. */
export function hostOfPath(path: string): string | null {
  const name = /^\/hosts\/([^/]+)\/?$/.exec(path)?.[1];
  if (name === undefined) return null;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
