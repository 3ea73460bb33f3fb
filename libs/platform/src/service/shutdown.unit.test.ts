import { expect, it } from 'vitest';
import { createLogger } from '../logs/logger.js';
import { Shutdown } from './shutdown.js';

it('runs the hooks one after the other in their order, each once, past one that fails', async () => {
  const shutdown = new Shutdown(createLogger('test', { level: 'silent' }));
  const seen: string[] = [];
  shutdown.onDrain('a', async () => {
    await Promise.resolve();
    seen.push('a');
  });
  shutdown.onDrain('b', () => Promise.reject(new Error('b is broken')));
  shutdown.onDrain('c', () => {
    seen.push('c');
  });
  await shutdown.drain();
  await shutdown.drain();
  expect(seen).toEqual(['a', 'c']);
});
