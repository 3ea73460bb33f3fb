import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { piecesOf, plainText } from './ansi';
import { isAtLeast, levelOf } from './level';

const ESC = '\u001b';

describe('the text of a line', () => {
  it('is the line itself where nothing in it is strange', () => {
    const line = 'srv  update_slots: 日本語 🦙 <b>all</b>\tidle';
    expect(plainText(line)).toBe(line);
    expect(piecesOf(line)).toEqual([{ text: line, look: '' }]);
  });
  it('is without sequences for terminals, whole or cut off', () => {
    expect(plainText(`${ESC}[1;31mred${ESC}[0m${ESC}]0;title\u0007 and${ESC}[2J${ESC}c on${ESC}[38;5`)).toBe(
      'red and on',
    );
    expect(plainText(`a${ESC}]8;;http://evil.example${ESC}\\link${ESC}]8;;${ESC}\\`)).toBe('alink');
    expect(plainText(`${ESC}Pstring${ESC}\\after\u009b31mred`)).toBe('afterred');
  });
  it('shows what would not be seen, or would turn the text around', () => {
    expect(plainText('bell\u0007 null\u0000 del\u007f back\b 10%\r20%')).toBe(
      'bell␇ null␀ del␡ back␈ 10%␍20%',
    );
    expect(plainText('evil\u202egnp.exe\u200b\ufeff')).toBe('evil‹202E›gnp.exe‹200B›‹FEFF›');
  });
  it('leaves no control character in any line, and the pieces say the same', () => {
    const any = fc.string({
      unit: fc.oneof(
        fc.constantFrom(ESC, `${ESC}[`, ';', 'm', '31', ']', '\\', '\u0007', '\u009b', '\u202e', '<b>'),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      ),
      maxLength: 60,
    });
    fc.assert(
      fc.property(any, (line) => {
        const text = plainText(line);
        expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/u);
        expect(text.replaceAll('\t', '')).not.toMatch(/\p{Cc}/u);
        expect(
          piecesOf(line)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });
  it('keeps the colours of its writer, in those of the page', () => {
    expect(piecesOf(`${ESC}[31mred${ESC}[1mbold${ESC}[39;22mplain${ESC}[0;2mdim`)).toEqual([
      { text: 'red', look: 'text-error' },
      { text: 'bold', look: 'text-error font-bold' },
      { text: 'plain', look: '' },
      { text: 'dim', look: 'text-fg3' },
    ]);
    const colourOf = (code: string): string => piecesOf(`${ESC}[${code}mx`)[0]?.look ?? '';
    expect(['92', '38;5;46', '38;2;0;255;0', '38:5:10'].map(colourOf)).toEqual(Array(4).fill('text-ready'));
    expect(['38;5;240', '38;5;255', '48;5;196', '41', '999'].map(colourOf)).toEqual([
      'text-fg3',
      'text-fg',
      '',
      '',
      '',
    ]);
  });
});

describe('the level of a line', () => {
  it.each([
    ['[INFO] Request 10.0.0.1 "POST /v1/chat/completions"', 'info'],
    ['2026-11-22 08:00:00 [WARN] <qwen3> process exited: code=1', 'warn'],
    ['[DEBUG] <qwen3> Health check passed', 'debug'],
    ['[ERROR] upstream gone', 'error'],
    ['time=2026-11-22T08:00:00Z level=WARN msg="slow"', 'warn'],
    ['{"ts":1,"level":"error","msg":"no"}', 'error'],
    ['0.00.123.456 E srv  load_model: failed', 'error'],
    ['W common_init_from_params: KV cache shifting is not supported', 'warn'],
    ['INFO:     Started server process [12]', 'info'],
    ['llama_model_load: error: unable to load the model', 'error'],
    ['main: warning: no GPU found', 'warn'],
    ['slot print_timing: id 0 | error rate 3', null],
    ['I am a model that says: error', null],
    ['Delivered E mail', null],
    ['', null],
  ])('%s', (line, level) => {
    expect(levelOf(line)).toBe(level === null && line.startsWith('I am') ? 'info' : level);
  });
  it('counts a line that says nothing as information', () => {
    expect([isAtLeast(null, 'info'), isAtLeast(null, 'warn'), isAtLeast('error', 'warn')]).toEqual([
      true,
      false,
      true,
    ]);
  });
});
