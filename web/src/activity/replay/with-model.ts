const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:,]/gs;

/** A body of JSON with another `model` and nothing else of it changed, not even a space. @param body a JSON object */
export function withModel(body: string, model: string): string {
  const name = JSON.stringify(model);
  const places = modelsIn(body);
  if (places.length === 0) {
    const inside = body.indexOf('{') + 1;
    const isEmpty = /^\s*\}/.test(body.slice(inside));
    return `${body.slice(0, inside)}"model":${name}${isEmpty ? '' : ','}${body.slice(inside)}`;
  }
  let made = '';
  let at = 0;
  for (const { from, to } of places) {
    made += body.slice(at, from) + name;
    at = to;
  }
  return made + body.slice(at);
}

/** Where the values of the outermost object's `model` stand: somebody may have written it twice. */
function modelsIn(body: string): { from: number; to: number }[] {
  const places: { from: number; to: number }[] = [];
  let depth = 0;
  /** Of the outermost object, the one whose value comes; null: a name is next. */
  let key: unknown = null;
  let from = -1;
  for (const { 0: token, index } of body.matchAll(TOKEN)) {
    if (depth === 1 && (token === ',' || token === '}')) {
      if (from >= 0) places.push({ from, to: body.slice(0, index).trimEnd().length });
      [key, from] = [null, -1];
    }
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (depth !== 1) continue;
    else if (token === ':' && key === 'model') from = index + 1 + spacesAt(body, index + 1);
    // A name may be written with escapes.
    else if (token.startsWith('"')) key ??= JSON.parse(token);
  }
  return places;
}

const spacesAt = (text: string, at: number): number => {
  let length = 0;
  while (/\s/.test(text[at + length] ?? '')) length++;
  return length;
};
