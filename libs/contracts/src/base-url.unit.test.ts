import { describe, expect, it } from 'vitest';
import { v1Of } from './base-url.js';

describe('where the OpenAI-like part of a provider begins', () => {
  it.each([
    ['https://api.deepseek.com', 'https://api.deepseek.com/v1'],
    ['https://api.deepseek.com/v1', 'https://api.deepseek.com/v1'],
    ['https://api.deepseek.com/v1/', 'https://api.deepseek.com/v1'],
    ['https://openrouter.ai/api', 'https://openrouter.ai/api/v1'],
    ['https://open.example/api/paas/v4', 'https://open.example/api/paas/v4'],
    ['https://language.example/v1beta/openai', 'https://language.example/v1beta/openai'],
    ['http://v1', 'http://v1/v1'],
    ['http://site:9503', 'http://site:9503/v1'],
    ['http://proxy/models-v1', 'http://proxy/models-v1/v1'],
  ])('%s: %s', (baseUrl, expected) => expect(v1Of(baseUrl)).toBe(expected));
});
