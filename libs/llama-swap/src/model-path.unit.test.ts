import fc from 'fast-check';
import { expect, it } from 'vitest';
import { modelPath } from './model-path.js';

const part = fc.oneof(fc.string(), fc.constantFrom('.', '..', '%2e%2e', '.%2E', '..%2F..'));

it('a model’s path never leaves the path that it is put into', () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 1 }), (parts) => {
      const path = modelPath(parts.join('/'));
      expect(new URL(`http://host/one/upstream/${path}/props`).pathname).toBe(`/one/upstream/${path}/props`);
    }),
  );
});

it('keeps slashes, and encodes the rest', () => {
  expect(modelPath('org/Qwen 3?#')).toBe('org/Qwen%203%3F%23');
  expect(modelPath('../../other')).toBe('%252E%252E/%252E%252E/other');
});
