import { CodingItemSchema, type CodingItem } from '@boocontrol/contracts';

/** An item whose function `secret` has to return what nobody can guess. */
export function secretItem(language: 'python' | 'javascript', tests = 1): CodingItem {
  const module = language === 'python' ? 'solution.py' : 'solution.mjs';
  return CodingItemSchema.parse({
    kind: 'coding',
    id: 'secret',
    language,
    prompt: 'Write secret(n), which returns n × 7919 + 13.',
    target: module,
    tests: Array.from({ length: tests }, (_, index) => ({
      name: `secret of ${index}`,
      module,
      steps: [{ do: 'call', name: 'secret', args: [index], expect: index * 7919 + 13 }],
    })),
  });
}

export function answerOf(item: CodingItem, code: string): string {
  return `${item.target ?? ''}\n\`\`\`\n${code}\n\`\`\`\n`;
}
