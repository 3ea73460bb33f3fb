'use client';
import type { CreatedApiKey } from '@boocontrol/contracts';
import { useEffect, useRef } from 'react';
import { Button } from '../ui/controls';
import { CopyButton } from '../ui/Copy';
import { curlOf } from './curl';

interface NewKeyProps {
  made: CreatedApiKey;
  copied: boolean;
  onCopied: () => void;
  /** Somebody wants to leave who has not copied it. */
  asks: boolean;
  onStay: () => void;
  /** Leaves, or asks first. */
  onDone: () => void;
  /** Leaves, whatever is lost. */
  onLeave: () => void;
}

/** The key, this once. */
export function NewKey({
  made: { key, apiKey },
  copied,
  onCopied,
  asks,
  onStay,
  onDone,
  onLeave,
}: NewKeyProps) {
  const top = useRef<HTMLDivElement>(null);
  // External system: the focus, which was on a button of the form that is gone.
  useEffect(() => top.current?.focus(), []);
  return (
    // Marked with the mouse and copied by the keyboard counts, too.
    <div
      ref={top}
      tabIndex={-1}
      onCopy={onCopied}
      className="flex min-w-0 flex-col gap-4 px-5 py-4 outline-none"
    >
      <p>
        This is the only time that it is shown: BooControl keeps no more of it than what it takes to know it
        again. Copy it to where its holder keeps secrets.
      </p>
      <Secret what="the key" text={key} onCopied={onCopied} />
      <div className="flex min-w-0 flex-col gap-1">
        <h3 className="text-sm font-medium">To try it</h3>
        <Secret what="the example" text={curlOf(key, location.origin, apiKey.policies)} onCopied={onCopied} />
        <p className="text-xs text-fg2">
          Any OpenAI client works alike: base URL{' '}
          <code className="font-mono [overflow-wrap:anywhere]">{location.origin}/v1</code> and this key.
        </p>
      </div>
      <div
        role="alert"
        className={asks ? 'rounded-md border border-busy/50 bg-busy/8 px-3 py-2 text-sm' : 'sr-only'}
      >
        {asks && 'The key has not been copied. Closed, nobody can see it again: a new one has to be made.'}
      </div>
      <div className="flex flex-wrap justify-end gap-2 border-t pt-4">
        {asks ? (
          <>
            <Button onClick={onStay}>Back to the key</Button>
            <Button look="danger" onClick={onLeave}>
              Close without it
            </Button>
          </>
        ) : (
          <Button look={copied ? 'primary' : 'plain'} onClick={onDone}>
            Done
          </Button>
        )}
      </div>
    </div>
  );
}

function Secret({ what, text, onCopied }: { what: string; text: string; onCopied: () => void }) {
  return (
    <div className="flex min-w-0 items-start gap-2 rounded-md border border-line-strong bg-bg py-1.5 pr-1.5 pl-3">
      <pre className="min-w-0 flex-1 font-mono text-xs leading-6 [overflow-wrap:anywhere] whitespace-pre-wrap">
        {text}
      </pre>
      <CopyButton what={what} text={text} onCopied={onCopied} />
    </div>
  );
}
