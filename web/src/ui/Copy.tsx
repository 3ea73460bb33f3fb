'use client';
import { useState } from 'react';
import { CopyIcon } from './icons';

/** Clipboard access needs https or loopback; elsewhere the old command still works. */
async function copy(text: string): Promise<void> {
  if (window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}

interface CopyButtonProps {
  what: string;
  text: string;
  /** What the button says, where `Copy` is not enough. */
  word?: string;
  /** It is in the clipboard now. */
  onCopied?: () => void;
}

export function CopyButton({ what, text, word: idle = 'Copy', onCopied }: CopyButtonProps) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  const show = (next: 'copied' | 'failed') => (): void => {
    setState(next);
    if (next === 'copied') onCopied?.();
    setTimeout(() => setState('idle'), 1500);
  };
  const word = { idle, copied: 'Copied', failed: 'Not copied' }[state];
  return (
    <button
      type="button"
      aria-label={`Copy ${what}`}
      onClick={() => copy(text).then(show('copied'), show('failed'))}
      className="inline-flex h-6 pointer-coarse:h-10 items-center gap-1.5 rounded px-2 text-xs text-fg2 hover:bg-s3 hover:text-fg"
    >
      <CopyIcon className="size-3.5" />
      <span aria-live="polite">{word}</span>
    </button>
  );
}
