/** The answer as JSON: the whole of it, or what is in its first code fence. Undefined: it is none. */
export function jsonOf(text: string): { value: unknown } | undefined {
  const whole = parse(text.trim());
  if (whole !== undefined) return whole;
  const fence = /(?:^|\n)\s*(```+|~~~+)[^\n]*\n([\s\S]*?)\n?\s*\1/.exec(text);
  return fence?.[2] === undefined ? undefined : parse(fence[2].trim());
}

function parse(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** What a JSON pointer (RFC 6901) leads to; undefined: nothing. */
export function at(value: unknown, pointer: string): { value: unknown } | undefined {
  let here = value;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    if (Array.isArray(here) && !/^(?:0|[1-9]\d*)$/.test(key)) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return { value: here };
}
