'use client';
import { useState } from 'react';
import { Button } from '../ui/controls';
import type { Call } from './types';

interface ToolResultsProps {
  calls: readonly Call[];
  onSend: (results: readonly { callId: string; text: string }[]) => void;
}

/** What the tools that a model called would say: whoever looks on writes it. */
export function ToolResults({ calls, onSend }: ToolResultsProps) {
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  return (
    <form
      className="flex flex-col gap-2 rounded-lg border border-own/40 bg-own/6 p-3"
      onSubmit={(event) => {
        event.preventDefault();
        onSend(calls.map(({ id }) => ({ callId: id, text: texts[id] ?? '' })));
      }}
    >
      {calls.map(({ id, name }) => (
        <label key={id} className="flex flex-col gap-1 text-xs text-fg2">
          Result of {name}
          <textarea
            value={texts[id] ?? ''}
            onChange={(event) => setTexts({ ...texts, [id]: event.currentTarget.value })}
            spellCheck={false}
            className="min-h-16 rounded border border-line-strong bg-bg px-2 py-1 font-mono text-xs text-fg [field-sizing:content]"
          />
        </label>
      ))}
      <div className="flex items-center justify-between gap-3">
        <p className="text-xs text-fg3">No tool is run here. Calls without a result aren’t sent back.</p>
        <Button type="submit">Send {calls.length > 1 ? 'results' : 'result'}</Button>
      </div>
    </form>
  );
}
