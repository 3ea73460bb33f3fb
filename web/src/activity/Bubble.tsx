'use client';
import type { ReactNode } from 'react';
import { count } from '../format/number';
import { CopyButton } from '../ui/Copy';
import { ChevronIcon } from '../ui/icons';
import type { ToolCall } from './answer-types';
import { splitFences } from './fences';

export function Bubble({
  who,
  text,
  mine = false,
  children,
}: {
  who: string;
  text: string;
  mine?: boolean;
  children?: ReactNode;
}) {
  return (
    <section className={`rounded-lg border px-4 py-3 ${mine ? 'border-accent/40 bg-accent/6' : 'bg-s2'}`}>
      <div className="mb-1 flex items-center">
        <h3 className="text-xs font-medium text-fg3">{who}</h3>
        <span className="ml-auto" />
        {text && <CopyButton what={who} text={text} />}
      </div>
      {mine && children}
      {splitFences(text).map(({ code, text: part }, i) =>
        code ? (
          <pre key={i} className="my-2 overflow-x-auto rounded bg-bg px-3 py-2 font-mono text-xs leading-5">
            {part}
          </pre>
        ) : (
          <p key={i} className="text-sm leading-6 whitespace-pre-wrap [overflow-wrap:anywhere]">
            {part}
          </p>
        ),
      )}
      {!mine && children}
    </section>
  );
}

export function ToolCalls({ calls }: { calls: readonly ToolCall[] }) {
  return calls.map((call, i) => (
    <pre
      key={i}
      className="mt-2 overflow-x-auto rounded bg-bg px-3 py-2 font-mono text-xs whitespace-pre-wrap"
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
      <summary className="flex items-center gap-1 text-xs text-fg3 hover:text-fg">
        <ChevronIcon className="size-3.5 transition-transform group-open:rotate-90" aria-hidden />
        Reasoning, {count(text.length)} characters
      </summary>
      <p className="mt-1 whitespace-pre-wrap">{text}</p>
    </details>
  );
}
