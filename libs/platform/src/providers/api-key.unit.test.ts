import { expect, test } from 'vitest';
import { apiKeyOf } from './api-key.js';

test('a key comes from the variable that the entry names, and what is wrong with it says where to mend it', () => {
  expect(apiKeyOf({}, {}, 'ingest')).toEqual({});
  const entry = { apiKeyEnv: 'TOWER_API_KEY' };
  expect(apiKeyOf(entry, { TOWER_API_KEY: ' sesame\n' }, 'ingest')).toEqual({ apiKey: 'sesame' });
  expect(apiKeyOf(entry, { TOWER_API_KEY: ' ' }, 'actions')).toMatchObject({
    problem: { code: 'api_key_missing', message: expect.stringContaining('the actions service') },
  });
  const unusable = apiKeyOf(entry, { TOWER_API_KEY: 'schlüssel' }, 'actions');
  expect(unusable).toMatchObject({ problem: { code: 'api_key_unusable' } });
  expect(JSON.stringify(unusable)).not.toContain('schlüssel');
});
