type Json = Record<string, unknown>;

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Backticks in descriptions are code. */
function prose(text: unknown): string {
  return typeof text === 'string' ? escapeHtml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>') : '';
}

function entries(value: unknown): [string, Json][] {
  return Object.entries((value ?? {}) as Record<string, Json>);
}

/** A schema in a line: named ones are links to where they are told in full. */
function schemaText(schema: Json | undefined): string {
  if (schema === undefined) return '';
  const { $ref, type, items, anyOf, oneOf, enum: values, const: only, format } = schema;
  if (typeof $ref === 'string') {
    const name = escapeHtml($ref.slice($ref.lastIndexOf('/') + 1));
    return `<a href="#schema-${name}">${name}</a>`;
  }
  const choices = anyOf ?? oneOf;
  if (Array.isArray(choices)) return choices.map((choice) => schemaText(choice as Json)).join(' or ');
  if (only !== undefined) return escapeHtml(JSON.stringify(only));
  if (Array.isArray(values)) return values.map((value) => escapeHtml(JSON.stringify(value))).join(' | ');
  if (type === 'array') return `list of ${schemaText(items as Json) || 'anything'}`;
  if (type === 'object' || schema['properties'] !== undefined) return objectText(schema);
  return escapeHtml([type, format && `(${String(format)})`].filter(Boolean).join(' ')) || 'anything';
}

function objectText({ properties, required, additionalProperties }: Json): string {
  const needed = new Set(Array.isArray(required) ? required : []);
  const rows = entries(properties).map(
    ([name, schema]) =>
      `<tr><td><code>${escapeHtml(name)}</code>${needed.has(name) ? '' : ' <small>optional</small>'}</td>` +
      `<td>${schemaText(schema)}</td><td>${prose(schema['description'])}</td></tr>`,
  );
  if (rows.length > 0) return `<table>${rows.join('')}</table>`;
  const isMap = typeof additionalProperties === 'object' && additionalProperties !== null;
  return isMap ? `map of ${schemaText(additionalProperties as Json)}` : 'object';
}

function contentText({ content }: Json): string {
  return entries(content)
    .map(([, { schema }]) => schemaText(schema as Json))
    .join('');
}

function operationHtml(method: string, path: string, operation: Json): string {
  const { summary, description, parameters, requestBody, responses } = operation;
  const rows = (Array.isArray(parameters) ? (parameters as Json[]) : []).map(
    ({ name, in: place, required, schema, description: words }) =>
      `<tr><td><code>${escapeHtml(String(name))}</code> <small>${escapeHtml(String(place))}${required === true ? ', required' : ''}</small></td>` +
      `<td>${schemaText(schema as Json)}</td><td>${prose(words)}</td></tr>`,
  );
  const body = requestBody === undefined ? '' : `<h4>Body</h4>${contentText(requestBody as Json)}`;
  const answers = entries(responses).map(
    ([status, response]) =>
      `<tr><td>${status}</td><td>${contentText(response)}</td><td>${prose(response['description'])}</td></tr>`,
  );
  return `<article id="${escapeHtml(String(operation['operationId']))}">
<h3><span class="verb">${method.toUpperCase()}</span> <code>${escapeHtml(path)}</code></h3>
<p>${prose(summary)}. ${prose(description)}</p>
${rows.length > 0 ? `<h4>Parameters</h4><table>${rows.join('')}</table>` : ''}${body}
<h4>Answers</h4><table>${answers.join('')}</table></article>`;
}

const STYLE = `:root { color-scheme: dark light; } * { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.5rem; max-width: 70rem; font: 15px/1.6 Inter, system-ui, sans-serif; background: oklch(0.16 0.01 250); color: oklch(0.93 0.01 250); }
a { color: oklch(0.8 0.12 200); } code { font-family: ui-monospace, monospace; color: oklch(0.88 0.06 200); }
small, p { color: oklch(0.76 0.01 250); } h2 { margin-top: 2.5rem; text-transform: capitalize; }
article, section.schema { background: oklch(0.2 0.012 250); border: 1px solid oklch(0.28 0.015 250); border-radius: 0.75rem; padding: 1rem 1.25rem; margin: 1rem 0; overflow-x: auto; }
h3 { margin: 0; font-size: 1.05rem; } h4 { margin: 0.75rem 0 0.25rem; font-size: 0.85rem; color: oklch(0.76 0.01 250); }
.verb { color: oklch(0.8 0.13 150); font-size: 0.85em; } table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
td { border-top: 1px solid oklch(0.28 0.015 250); padding: 0.3rem 0.75rem 0.3rem 0; vertical-align: top; }`;

/** A readable page of an OpenAPI document. It needs no script and no other file. */
export function docsPage(document: Json): string {
  const operations = entries(document['paths']).flatMap(([path, methods]) =>
    entries(methods).map(([method, operation]) => ({
      path,
      method,
      operation,
      tag: String((operation['tags'] as string[])[0]),
    })),
  );
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  const sections = tags.map((tag) => {
    const own = operations.filter((operation) => operation.tag === tag);
    const html = own.map(({ method, path, operation }) => operationHtml(method, path, operation)).join('\n');
    return `<h2>${escapeHtml(tag)}</h2>\n${html}`;
  });
  const { schemas } = document['components'] as { schemas: Json };
  const named = entries(schemas)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, schema]) =>
        `<section class="schema" id="schema-${escapeHtml(name)}"><h3>${escapeHtml(name)}</h3><p>${prose(schema['description'])}</p>${schemaText(schema)}</section>`,
    );
  const { title, version, description } = document['info'] as Record<string, string>;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>API · ${escapeHtml(title ?? '')}</title><style>${STYLE}</style></head>
<body><main><h1>${escapeHtml(title ?? '')} API <small>${escapeHtml(version ?? '')}</small></h1>
<p>${prose(description)} The same as OpenAPI 3.1: <a href="/api/openapi.json">/api/openapi.json</a>.</p>
${sections.join('\n')}
<h2>Schemas</h2>
${named.join('\n')}
</main></body></html>
`;
}
