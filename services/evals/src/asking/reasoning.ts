/** An answer without what a model thought aloud in it: <think>…</think>, also where its beginning or its end is missing. */
export function withoutReasoning(text: string): string {
  const closed = text.replace(/<think(?:ing)?>[\s\S]*?<\/think(?:ing)?>/gi, '');
  const end = /^[\s\S]*<\/think(?:ing)?>/i.exec(closed)?.[0].length ?? 0;
  const start = /<think(?:ing)?>/i.exec(closed.slice(end));
  return start === null ? closed.slice(end) : closed.slice(end, end + start.index);
}
