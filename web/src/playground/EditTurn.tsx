'use client';
import { useEffect, useId, useRef, useState } from 'react';
import { Button } from '../ui/controls';

interface EditTurnProps {
  text: string;
  onSend: (text: string) => void;
  onCancel: () => void;
}

/** A message that is written anew. Ctrl Enter sends, Esc leaves it as it was. */
export function EditTurn({ text, onSend, onCancel }: EditTurnProps) {
  const [typed, setTyped] = useState(text);
  const field = useRef<HTMLTextAreaElement>(null);
  const note = useId();
  // External system: the focus.
  useEffect(() => field.current?.focus(), []);
  return (
    <form
      className="rounded-lg border border-accent/60 bg-s2 p-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.trim() !== '') onSend(typed);
      }}
    >
      <textarea
        ref={field}
        aria-label="The message"
        aria-describedby={note}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.preventDefault();
            onCancel();
          }
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          event.currentTarget.form?.requestSubmit();
        }}
        className="max-h-80 min-h-20 w-full resize-y rounded border border-line-strong bg-bg px-2 py-1.5 text-sm leading-6 [field-sizing:content]"
      />
      <p id={note} className="text-xs text-fg3">
        What came after this message goes.
      </p>
      <div className="mt-2 flex justify-end gap-2">
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <Button look="primary" type="submit">
          Send
        </Button>
      </div>
    </form>
  );
}
