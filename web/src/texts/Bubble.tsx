'use client';
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react';
import { count } from '../format/number';
import { Button } from '../ui/controls';
import { CopyButton } from '../ui/Copy';
import { ChevronIcon } from '../ui/icons';
import type { ToolCall } from '@boocontrol/fleet-model';
import { foldedHead } from './fold';
import { PlainText } from './PlainText';

/** The parser comes with the first text; when it does not, the text is shown as it was written. */
const Markdown = lazy(() => import('./Markdown').catch(() => ({ default: PlainText })));

interface BubbleProps {
  who: string;
  text: string;
  /** The model's own words: they are never folded. */
  mine?: boolean;
  isMarkdown?: boolean;
  children?: ReactNode;
}

export function Bubble({ who, text, mine = false, isMarkdown = false, children }: BubbleProps) {
  const [whole, setWhole] = useState(false);
  const head = useMemo(() => (mine ? null : foldedHead(text)), [mine, text]);
  const shown = head === null || whole ? text : head;
  return (
    <section className={`rounded-lg border px-4 py-3 ${mine ? 'border-accent/40 bg-accent/6' : 'bg-s2'}`}>
      <div className="mb-1 flex items-center">
        <h3 className="text-xs font-medium text-fg3">{who}</h3>
        <span className="ml-auto" />
        {text && <CopyButton what={who} text={text} />}
      </div>
      {mine && children}
      <Told text={shown} isMarkdown={isMarkdown} />
      {head !== null && (
        <Button look="quiet" className="mt-1 -ml-3" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? 'Show less' : `Show all ${count(text.length)} characters`}
        </Button>
      )}
      {!mine && children}
    </section>
  );
}

/** Text as Markdown or as it was written. */
export function Told({ text, isMarkdown }: { text: string; isMarkdown: boolean }) {
  const plain = <PlainText text={text} />;
  return isMarkdown ? (
    <Suspense fallback={plain}>
      <Markdown text={text} />
    </Suspense>
  ) : (
    plain
  );
}

export function ToolCalls({ calls }: { calls: readonly ToolCall[] }) {
  return calls.map((call, i) => (
    <pre
      key={i}
      className="mt-2 overflow-x-auto rounded border bg-bg px-3 py-2 font-mono text-xs whitespace-pre-wrap"
    >
      <span className="text-own">{call.name}</span>({call.arguments})
    </pre>
  ));
}

export function Plain({ children }: { children: ReactNode }) {
  return <p className="rounded-lg border border-dashed px-4 py-4 text-sm text-fg2">{children}</p>;
}

export function Reasoning({ text }: { text: string }) {
  if (!text) return null;
  return (
    <details className="group mb-2 text-sm text-fg2">
      <summary className="flex items-center gap-1 text-xs text-fg3 hover:text-fg pointer-coarse:h-10">
        <ChevronIcon className="size-3.5 transition-transform group-open:rotate-90" aria-hidden />
        Reasoning, {count(text.length)} characters
      </summary>
      <p className="mt-1 whitespace-pre-wrap">{text}</p>
    </details>
  );
}
