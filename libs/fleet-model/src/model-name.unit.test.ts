import { describe, expect, it } from 'vitest';
import { parseQuant, parseSize } from './model-name.js';

describe('quantisation in a model id', () => {
  it.each([
    ['qwen3-32b-Q4_K_M', 'Q4_K_M'],
    ['unsloth/Qwen3-30B-A3B-GGUF:UD-Q4_K_XL', 'UD-Q4_K_XL'],
    ['llama-3.3-70b-iq2_xxs', 'IQ2_XXS'],
    ['gpt-oss-20b-mxfp4', 'MXFP4'],
    ['nomic-embed-f16', 'F16'],
    ['bge-m3.Q8_0', 'Q8_0'],
    ['mistral-7b-4bit', '4bit'],
    ['qwen2.5-7b', null],
    ['q', null],
  ])('%s states %s', (id, quant) => expect(parseQuant(id)).toBe(quant));
});

describe('parameters in a model id', () => {
  it.each([
    ['qwen3-32b-Q4_K_M', { totalB: 32, activeB: 32 }],
    ['unsloth/Qwen3-30B-A3B-GGUF:UD-Q4_K_XL', { totalB: 30, activeB: 3 }],
    ['mixtral-8x7b', { totalB: 56, activeB: 14 }],
    ['gpt-oss-120b', { totalB: 120, activeB: 120 }],
    ['smollm2-135m', { totalB: 0.135, activeB: 0.135 }],
    ['qwen2.5-coder-1.5b', { totalB: 1.5, activeB: 1.5 }],
    ['deepseek-chat', null],
    ['mistral-4bit', null],
    ['model-0b', null],
  ])('%s has %j', (id, size) => expect(parseSize(id)).toEqual(size));
});
