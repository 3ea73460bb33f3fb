const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 50)
    .replace(/^-+|-+$/g, '');

/** A name that a suite may have and none has: "requests-of-opencode", "requests-of-opencode-2". */
export function freeName(text: string, taken: readonly string[]): string {
  const base = slug(text) || 'suite';
  if (!taken.includes(base)) return base;
  let n = 2;
  while (taken.includes(`${base}-${n}`)) n += 1;
  return `${base}-${n}`;
}

/** For a copy: "chat-copy", "chat-copy-2". */
export const copyName = (name: string, taken: readonly string[]): string =>
  freeName(`${slug(name)}-copy`, taken);
