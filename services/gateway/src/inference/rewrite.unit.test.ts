import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withModel } from './ask-body.js';
import { boundaryOf, readMultipartBody } from './multipart.js';
import { readJsonBody } from './rewrite.js';

function rewritten(text: string, model: string): string {
  const bytes = Buffer.from(text);
  const reading = readJsonBody(bytes);
  if (!reading.ok) throw new Error(reading.message);
  return withModel(bytes, reading.body, model).toString('utf8');
}

function parses(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

const space = fc.constantFrom('', ' ', '\n\t', '\r\n  ');
/** A text in JSON's notation, with some characters escaped that need not be. */
const spelled = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(text, fc.boolean())
    .map(([value, isEscaped]) =>
      isEscaped
        ? `"${Array.from({ length: value.length }, (_, at) => `\\u${value.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`
        : JSON.stringify(value),
    );
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const members = fc.array(
  fc.tuple(
    spelled(fc.oneof(fc.constantFrom('messages', 'metadata', 'type', 'a.b', 'stream'), fc.string())),
    fc.json(),
    space,
  ),
  { maxLength: 6 },
);

describe('the model in a JSON body', () => {
  it('is the only thing that changes, whatever else is there', () => {
    fc.assert(
      fc.property(
        members,
        members,
        spelled(name),
        spelled(fc.constant('model')),
        name,
        space,
        (before, after, asked, key, to, gap) => {
          const others = (list: typeof before): string[] =>
            list
              .filter(([one]) => JSON.parse(one) !== 'model')
              .map(([one, value, blank]) => `${one}${blank}:${blank}${value}`);
          const parts = [...others(before), `${key}${gap}:${gap}\u0001${gap}`, ...others(after)];
          const frame = `${gap}{${gap}${parts.join(`,${gap}`)}}${gap}`;
          const body = frame.replace('\u0001', () => asked);
          const reading = readJsonBody(Buffer.from(body));
          expect(reading).toMatchObject({ ok: true, body: { model: JSON.parse(asked) } });
          if (to === JSON.parse(asked)) expect(rewritten(body, to)).toBe(body);
          else expect(rewritten(body, to)).toBe(frame.replace('\u0001', () => JSON.stringify(to)));
          expect(JSON.parse(rewritten(body, to))).toEqual({ ...(JSON.parse(body) as object), model: to });
        },
      ),
    );
  });

  it('takes a body exactly where JSON.parse takes it as an object', () => {
    const broken = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', '"', '{', '}', '[', ']', ',', ':', '\\', '0', '-', '.', 'e', '\n', 'é', '\u0007'),
      )
      .map(([text, at, what]) => {
        const body = `{"model":"m","x":${text}}`;
        const cut = at % (body.length + 1);
        return body.slice(0, cut) + what + body.slice(what === '' ? cut + 1 : cut);
      });
    fc.assert(
      fc.property(broken, (text) => {
        const reading = readJsonBody(Buffer.from(text));
        const isRead = reading.ok || /"model"/.test(reading.message);
        expect(isRead).toBe(parses(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['01', false],
    ['-', false],
    ['1.', false],
    ['.5', false],
    ['-0.5e+10', true],
    ['1E9', true],
    ['tru', false],
    ['nullx', false],
    ['"\\x"', false],
    ['"\\u12g4"', false],
    ['"\\ud83d"', true],
    ['[1,]', false],
    ['{"a":1,}', false],
    ['[[],{}]', true],
    ['{"a" 1}', false],
  ])('takes %s as JSON.parse does', (value, isValid) => {
    const body = `{"model":"m","x":${value}}`;
    expect(parses(body)).toBe(isValid);
    expect(readJsonBody(Buffer.from(body)).ok).toBe(isValid);
  });

  it('is not the one of a message, nor one inside a text', () => {
    const body =
      '{"messages":[{"model":"no","content":"{\\"model\\":\\"no\\"}"}],"m":{"model":"no"},"model":"yes"}';
    expect(rewritten(body, 'x')).toBe(body.replace('"model":"yes"', '"model":"x"'));
  });

  it('said twice is rewritten twice, so that no host reads another one', () => {
    expect(rewritten('{"model":"a","n":1,"mod\\u0065l" : "b"}', 'c')).toBe(
      '{"model":"c","n":1,"mod\\u0065l" : "c"}',
    );
  });

  it('said twice is rewritten twice also where the last one is meant', () => {
    expect(rewritten('{"model":"a","model":"b"}', 'b')).toBe('{"model":"b","model":"b"}');
  });

  it.each([
    ['{}', 'missing'],
    ['{"model":""}', 'missing'],
    ['{"model":7}', 'must be a text'],
    [`{"model":"${'m'.repeat(513)}"}`, 'longer than'],
    ['[{"model":"m"}]', 'must be a JSON object'],
    ['', 'must be a JSON object'],
    ['{"model":"m"} x', 'unexpected byte at 14'],
    ['{"model":"m"', 'ends too early'],
    [`{"model":"m","x":${'['.repeat(3_000)}${']'.repeat(3_000)}}`, 'nests deeper'],
  ])('%.40s is refused', (body, message) => {
    expect(readJsonBody(Buffer.from(body))).toMatchObject({
      ok: false,
      message: expect.stringContaining(message) as string,
    });
  });

  it('can be replaced by a name that would break out of its quotes', () => {
    const body = rewritten('{"model":"m","n":1}', 'x","n":2,"y":"');
    expect(JSON.parse(body)).toEqual({ model: 'x","n":2,"y":"', n: 1 });
  });
});

describe('what else is read of a body', () => {
  const read = (body: object): object => {
    const reading = readJsonBody(Buffer.from(JSON.stringify({ model: 'm', ...body })));
    return reading.ok ? reading.body : reading;
  };

  it.each([
    [{ stream: true }, { isStream: true }],
    [{ stream: false }, { isStream: false }],
    [{ max_tokens: 12 }, { maxTokens: 12 }],
    [{ max_completion_tokens: 13 }, { maxTokens: 13 }],
    [{ max_output_tokens: 14 }, { maxTokens: 14 }],
    [{ max_tokens: null }, { maxTokens: null }],
    [{ max_tokens: -1 }, { maxTokens: null }],
    [{ tools: [] }, { hasTools: false }],
    [{ tools: [{ type: 'function' }] }, { hasTools: true }],
    [{ user: 'ada' }, { user: 'ada' }],
    [{ metadata: { user_id: 'eve' } }, { user: 'eve' }],
    [{ messages: [{ content: [{ type: 'image_url' }] }] }, { hasImages: true }],
    [{ input: [{ content: [{ type: 'input_image' }] }] }, { hasImages: true }],
    [{ messages: [{ content: [{ type: 'text', text: 'type image_url' }] }] }, { hasImages: false }],
  ])('%j', (body, found) => {
    expect(read(body)).toMatchObject(found);
  });

  it('takes time by its length only', () => {
    const content = 'ä\\"'.repeat(2_000_000);
    const body = Buffer.from(JSON.stringify({ messages: [{ content }], model: 'm' }));
    const startedAt = performance.now();
    expect(readJsonBody(body).ok).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

describe('the model in a multipart form', () => {
  const form = (parts: readonly string[]): Buffer => Buffer.from([...parts, '--b--\r\n'].join(''));
  const part = (field: string, value: string): string =>
    `--b\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`;

  it('is the only thing that changes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (file, isFirst) => {
        const audio = Buffer.concat([
          Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'),
          file,
          Buffer.from('\r\n'),
        ]);
        const whole = (model: string): Buffer =>
          Buffer.concat([
            ...(isFirst
              ? [Buffer.from(part('model', model)), audio]
              : [audio, Buffer.from(part('model', model))]),
            form([]),
          ]);
        const bytes = whole('whisper');
        const reading = readMultipartBody(bytes, 'b');
        expect(reading).toMatchObject({ ok: true, body: { model: 'whisper', isStream: false } });
        if (reading.ok) expect(withModel(bytes, reading.body, 'large').equals(whole('large'))).toBe(true);
      }),
    );
  });

  it.each([
    ['no form at all', Buffer.from('hello'), 'not the multipart form'],
    ['cut off', Buffer.from(part('model', 'm').slice(0, -2)), 'cut off'],
    ['without a model', form([part('language', 'de')]), 'missing'],
  ])('%s is refused', (_what, bytes, message) => {
    expect(readMultipartBody(bytes, 'b')).toMatchObject({
      ok: false,
      message: expect.stringContaining(message) as string,
    });
  });

  it('knows its boundary', () => {
    expect(boundaryOf('multipart/form-data; boundary="a b"')).toBe('a b');
    expect(boundaryOf('multipart/form-data; charset=utf-8; boundary=xyz')).toBe('xyz');
    expect(boundaryOf('multipart/form-data')).toBeNull();
  });
});
