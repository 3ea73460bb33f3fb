'use client';
import type { PublicProvider } from '@boocontrol/contracts';

type Kind = PublicProvider['kind'];

const KINDS: readonly { kind: Kind; name: string; what: string }[] = [
  {
    kind: 'llama-swap',
    name: 'llama-swap host',
    what: 'A machine that runs models: followed in all it does.',
  },
  { kind: 'openai', name: 'Service', what: 'OpenAI-compatible: DeepSeek, OpenRouter, a vLLM.' },
  { kind: 'boocontrol-gateway', name: 'BooControl', what: 'Another fleet, behind its own gateway.' },
];

interface KindChoiceProps {
  kind: Kind;
  /** null: it was chosen for good. */
  onChange: ((kind: Kind) => void) | null;
}

/** What is at the address. It cannot be changed later: the history of a host is not that of a service. */
export function KindChoice({ kind: chosen, onChange }: KindChoiceProps) {
  const shown = onChange === null ? KINDS.filter(({ kind }) => kind === chosen) : KINDS;
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-sm font-medium">Kind</legend>
      <div className="grid gap-2 sm:grid-cols-3">
        {shown.map(({ kind, name, what }) => (
          <label
            key={kind}
            className={`flex min-w-0 cursor-pointer items-start gap-2 rounded-md border px-3 py-2 has-focus-visible:outline-2 has-focus-visible:outline-accent ${kind === chosen ? 'border-accent bg-accent/8' : 'border-line-strong'}`}
          >
            <input
              type="radio"
              name="kind"
              value={kind}
              checked={kind === chosen}
              disabled={onChange === null}
              onChange={() => onChange?.(kind)}
              className="mt-1 accent-accent"
            />
            <span className="min-w-0">
              <span className="block text-sm">{name}</span>
              <span className="block text-xs text-fg2">{what}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
