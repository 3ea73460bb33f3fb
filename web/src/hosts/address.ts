/** The page of a host. */
export const hostHref = (id: string): string => `/hosts/${encodeURIComponent(id)}/`;

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
