/** The `data:` payloads of a server-sent event stream; the rest of a cut stream without its final blank line counts too. */
export function sseData(text: string): string[] {
  const events: string[] = [];
  let data: string[] = [];
  const end = (): void => {
    if (data.length > 0) events.push(data.join('\n'));
    data = [];
  };
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line === '') end();
    else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
  }
  end();
  return events;
}

export const looksLikeSse = (text: string, contentType: string | null): boolean =>
  (contentType?.includes('event-stream') ?? false) || /^\s*(data|event|id|retry|):/.test(text);
