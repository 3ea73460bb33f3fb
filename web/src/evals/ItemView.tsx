'use client';
import type { CodeTest, EvalCheck, EvalItem } from '@boocontrol/contracts';
import { useState, type ReactNode } from 'react';
import { Bubble, ToolCalls } from '../texts/Bubble';
import { Code } from '../texts/Code';
import { codeTokens, languageOf } from '../texts/code-tokens';
import { Coloured } from '../texts/Coloured';
import { Button } from '../ui/controls';
import { ChevronIcon } from '../ui/icons';
import { Tag } from '../ui/marks';
import { checkWords, stepWords } from './item-words';
import { askedIn, KIND } from './words';

interface ItemViewProps {
  item: EvalItem;
  /** Why it is asked no more; null: it is asked. */
  retired: string | null;
  /** Absent: it cannot be retired from here. */
  onRetire?: () => void;
}

/** An item as a person reads it: what it asks, and what has to hold of the answer. */
export function ItemView({ item, retired, onRetire }: ItemViewProps) {
  const [open, setOpen] = useState(false);
  const { id, kind, family, difficulty } = item;
  return (
    <li className="min-w-0 border-b last:border-b-0">
      <details onToggle={(event) => setOpen(event.currentTarget.open)} className="group">
        <summary className="flex min-h-9 min-w-0 flex-wrap items-center gap-x-3 gap-y-0.5 px-3 py-1.5 text-sm hover:bg-s2">
          <ChevronIcon className="size-3.5 shrink-0 text-fg3 transition-transform group-open:rotate-90" />
          <code className={`font-mono text-xs ${retired === null ? '' : 'text-fg3 line-through'}`}>{id}</code>
          {difficulty && <Tag>{difficulty}</Tag>}
          {family && <Tag>{family}</Tag>}
          {retired !== null && <Tag>retired</Tag>}
          <span className="min-w-0 flex-1 basis-48 truncate text-xs text-fg3">{askedIn(item)}</span>
          <span className="text-xs text-fg3">{KIND[kind]}</span>
        </summary>
        {open && (
          <div className="flex flex-col gap-4 px-3 pt-1 pb-4 pl-9 text-sm">
            {retired !== null && <p className="text-busy">Asked no more, and in no score: {retired}</p>}
            <Asked item={item} />
            {onRetire && (
              <Button className="self-start" onClick={onRetire}>
                {retired === null ? 'Retire it…' : 'Ask it again'}
                <span className="sr-only"> {id}</span>
              </Button>
            )}
          </div>
        )}
      </details>
    </li>
  );
}

function Asked({ item }: { item: EvalItem }) {
  switch (item.kind) {
    case 'coding':
      return (
        <>
          <Bubble who="Task" text={item.prompt} isMarkdown />
          <Files title="Files to begin with" files={item.files} />
          <Part title="Hidden tests">
            <ul className="flex flex-col gap-2">
              {item.tests.map((test) => (
                <Test key={test.name} test={test} />
              ))}
            </ul>
          </Part>
          <Files title="An answer that passes" files={item.reference} />
          <Files title="A plausible one that fails" files={item.wrong} />
        </>
      );
    case 'text':
      return (
        <>
          {item.system !== undefined && <Bubble who="System" text={item.system} />}
          <Bubble who="Prompt" text={item.prompt} isMarkdown />
          {item.schema !== undefined && (
            <Part title="As JSON by this schema">
              <Code text={JSON.stringify(item.schema, null, 2)} />
            </Part>
          )}
          <Checks checks={item.checks} />
          {item.reference !== undefined && <Bubble who="An answer that passes" text={item.reference} />}
          {item.wrong !== undefined && <Bubble who="A plausible one that fails" text={item.wrong} />}
        </>
      );
    case 'tools':
      return (
        <>
          {item.messages.map((message, i) => (
            <Bubble key={i} who={message.role} text={message.content}>
              {message.calls && <Calls calls={message.calls} />}
            </Bubble>
          ))}
          <Part title="Functions that are offered">
            <ul className="list-disc pl-5">
              {item.tools.map(({ name, description }) => (
                <li key={name}>
                  <code className="font-mono text-xs">{name}</code>{' '}
                  <span className="text-fg2">{description}</span>
                </li>
              ))}
            </ul>
          </Part>
          <Part title="Calls that have to be made">
            {item.expect.calls.length === 0 ? (
              <p className="text-fg2">None: it has to answer without a function.</p>
            ) : (
              <Calls calls={item.expect.calls} />
            )}
            <p className="text-xs text-fg3">
              {item.expect.order === 'given' ? 'In this order' : 'In any order'}
              {item.expect.more ? '; others may be made beside them.' : '; each further one fails it.'}
            </p>
          </Part>
          {item.expect.answer.length > 0 && <Checks checks={item.expect.answer} />}
        </>
      );
    case 'long-context':
      return (
        <p>
          {askedIn(item)}. {item.needles > 1 && `${item.needles} of them are hidden. `}
          The text is made when it is asked (seed {item.seed}), as long as the tokenizer of the model counts.
        </p>
      );
  }
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-1.5">
      <h4 className="text-xs font-medium text-fg3">{title}</h4>
      {children}
    </section>
  );
}

const Checks = ({ checks }: { checks: readonly EvalCheck[] }) => (
  <Part title="What has to hold of the answer">
    <ul className="list-disc pl-5 [overflow-wrap:anywhere]">
      {checks.map((check, i) => (
        <li key={i}>{checkWords(check)}</li>
      ))}
    </ul>
  </Part>
);

const Calls = ({ calls }: { calls: readonly { name: string; arguments: unknown }[] }) => (
  <ToolCalls
    calls={calls.map(({ name, arguments: given }) => ({ name, arguments: JSON.stringify(given) }))}
  />
);

function Test({ test }: { test: CodeTest }) {
  return (
    <li className="min-w-0">
      <span>{test.name}</span>
      <pre
        tabIndex={0}
        className="mt-1 overflow-x-auto rounded border bg-bg px-3 py-1.5 font-mono text-xs leading-5 text-fg2"
      >
        {'steps' in test
          ? test.steps.map(stepWords).join('\n')
          : `run ${[test.run, ...test.args].join(' ')}${test.stdout === undefined ? '' : `\nprints ${JSON.stringify(test.stdout)}`}`}
      </pre>
    </li>
  );
}

function Files({ title, files }: { title: string; files: Readonly<Record<string, string>> | undefined }) {
  if (!files || Object.keys(files).length === 0) return null;
  return (
    <Part title={title}>
      {Object.entries(files).map(([path, text]) => (
        <div key={path} className="min-w-0">
          <code className="font-mono text-xs text-fg2">{path}</code>
          <pre
            tabIndex={0}
            className="max-h-72 overflow-auto rounded border bg-bg px-3 py-2 font-mono text-xs leading-5"
          >
            <Coloured tokens={codeTokens(text, languageOf(path))} />
          </pre>
        </div>
      ))}
    </Part>
  );
}
