import { expect, it } from 'vitest';
import { Capture } from './capture.js';

it('keeps what fits, says once that more came, and never grows beyond', () => {
  let cuts = 0;
  const capture = new Capture(5, () => (cuts += 1));
  capture.add(Buffer.from('abc'));
  expect(capture.cut).toBe(false);
  capture.add(Buffer.from('de'));
  expect(capture.cut).toBe(false);
  capture.add(Buffer.from('f'));
  capture.add(Buffer.from('gh'));
  expect([capture.text(), capture.cut, cuts]).toEqual(['abcde', true, 1]);
});

it('shows where a character was cut', () => {
  const capture = new Capture(2, () => undefined);
  capture.add(Buffer.from('a€'));
  expect(capture.text()).toBe('a\ufffd');
});
