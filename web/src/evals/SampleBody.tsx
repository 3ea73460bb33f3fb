'use client';
import type { EvalFinding, EvalMessage, EvalSample } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import type { ReactNode } from 'react';
import { count, duration, NONE, rate, spoken } from '../format/number';
import { exact } from '../format/time';
import { Ago } from '../live/Ago';
import { Fact } from '../page/Details';
import { Bubble, Plain, Reasoning, ToolCalls } from '../texts/Bubble';
import { Chip, Mark } from '../ui/marks';
import { FilesDiff } from './FilesDiff';
import { OutcomeWord } from './Outcomes';
import { OUTCOME } from './words';

interface SampleBodyProps {
  sample: EvalSample;
  /** Beside its outcome. */
  action: ReactNode;
}

/** A sample from its outcome to its prompt: first what went wrong, then what was said, then what was asked. */
export function SampleBody({ sample, action }: SampleBodyProps) {
  const { outcome, reason, isContaminated, regraded, findings, files, question, output } = sample;
  const start = question.kind === 'coding' ? (question.files ?? {}) : {};
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-sm">
        <span className="text-base font-medium" data-testid="outcome">
          <OutcomeWord outcome={outcome} />
        </span>
        {isContaminated && <Chip tone="busy">contaminated: its times are not its own</Chip>}
        {regraded && (
          <span className="text-xs text-fg2">
            graded again <Ago atMs={instantToMs(regraded.at)} />
            {regraded.was !== outcome && `; it was “${OUTCOME[regraded.was].word}”`}
          </span>
        )}
        <span className="ml-auto">{action}</span>
        <p className="basis-full text-fg2 [overflow-wrap:anywhere]">
          {reason?.message ??
            `${OUTCOME[outcome].means[0]?.toUpperCase()}${OUTCOME[outcome].means.slice(1)}.`}
        </p>
      </div>
      {findings.length > 0 && <Findings findings={findings} />}
      <div className="grid gap-6 xl:grid-cols-2">
        <Part title="Answer">
          <Reasoning text={sample.reasoning ?? ''} />
          {sample.answer.length === 0 && <Plain>Nothing came.</Plain>}
          {sample.answer.map((message, i) => (
            <Message key={i} message={message} isAnswer />
          ))}
          {sample.answerCut && (
            <p className="text-xs text-busy">The answer was longer than is kept; its end is missing here.</p>
          )}
        </Part>
        <Part title="Prompt">
          {sample.prompt.map((message, i) => (
            <Message key={i} message={message} />
          ))}
        </Part>
      </div>
      {files && (
        <Part title="Files, against those it began with">
          <FilesDiff start={start} files={files} />
        </Part>
      )}
      {output && (
        <Part title="What its tests printed">
          <Printed name="Output" text={output.stdout} />
          <Printed name="Errors" text={output.stderr} />
          <p className="text-xs text-fg3">
            Run in {output.sandbox}.{output.isCut && ' There was more than is kept.'}
          </p>
        </Part>
      )}
      <Part title="As it was sent">
        <Facts sample={sample} />
      </Part>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-2">
      <h3 className="text-sm font-semibold">{title}</h3>
      {children}
    </section>
  );
}

const WHO = { system: 'System', user: 'User', assistant: 'Model', tool: 'Function' } as const;

function Message({ message, isAnswer = false }: { message: EvalMessage; isAnswer?: boolean }) {
  const { role, content, calls, name } = message;
  return (
    <Bubble
      who={name === undefined ? WHO[role] : `${WHO[role]} ${name}`}
      text={content}
      mine={isAnswer && role === 'assistant'}
      isMarkdown={role === 'assistant' || role === 'user'}
    >
      {calls && (
        <ToolCalls
          calls={calls.map((call) => ({
            name: call.name,
            arguments:
              typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments, null, 1),
          }))}
        />
      )}
    </Bubble>
  );
}

function Findings({ findings }: { findings: readonly EvalFinding[] }) {
  const failed = findings.filter(({ passed }) => !passed);
  const held = findings.filter(({ passed }) => passed);
  return (
    <Part title={`What was checked: ${count(held.length)} of ${count(findings.length)} held`}>
      <ul className="divide-y rounded-md border text-sm" data-testid="findings">
        {[...failed, ...held].map((finding, i) => (
          <Finding key={i} finding={finding} />
        ))}
      </ul>
    </Part>
  );
}

function Finding({ finding: { name, passed, expected, got } }: { finding: EvalFinding }) {
  return (
    <li className="flex min-w-0 flex-col gap-1 px-3 py-1.5">
      <span className="flex min-w-0 items-center gap-2">
        <Mark tone={passed ? 'ready' : 'error'} />
        <span className="min-w-0 [overflow-wrap:anywhere]">{name}</span>
        <span className={`ml-auto shrink-0 text-xs ${passed ? 'text-fg3' : 'text-error'}`}>
          {passed ? 'held' : 'did not hold'}
        </span>
      </span>
      {!passed && (expected !== null || got !== null) && (
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 pl-4.5 text-xs">
          {expected !== null && <Value name="expected" text={expected} />}
          {got !== null && <Value name="got" text={got} />}
        </dl>
      )}
    </li>
  );
}

function Value({ name, text }: { name: string; text: string }) {
  return (
    <>
      <dt className="text-fg3">{name}</dt>
      <dd className="max-h-48 overflow-y-auto font-mono whitespace-pre-wrap [overflow-wrap:anywhere]">
        {text === '' ? '(nothing)' : text}
      </dd>
    </>
  );
}

function Printed({ name, text }: { name: string; text: string }) {
  if (text === '') return <p className="text-xs text-fg3">{name}: nothing.</p>;
  return (
    <div className="min-w-0">
      <h4 className="text-xs text-fg3">{name}</h4>
      <pre
        tabIndex={0}
        className="max-h-80 overflow-auto rounded border bg-bg px-3 py-2 font-mono text-xs leading-5 whitespace-pre-wrap [overflow-wrap:anywhere]"
      >
        {text}
      </pre>
    </div>
  );
}

function Facts({ sample }: { sample: EvalSample }) {
  const ms = (value: number | null): string => spoken(duration(value));
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 text-sm">
      <Fact name="When">{exact(instantToMs(sample.at))}</Fact>
      <Fact name="First token after">{ms(sample.ttftMs)}</Fact>
      <Fact name="Took">{ms(sample.e2eMs)}</Fact>
      <Fact name="Generation">
        {sample.genTps === null ? NONE : `${rate(sample.genTps)} tokens/s`}
        {sample.isContaminated && ' (contaminated)'}
      </Fact>
      <Fact name="Tokens">
        {count(sample.promptTokens)} in, {count(sample.outputTokens)} out
      </Fact>
      <Fact name="Ended by">{sample.finishReason ?? NONE}</Fact>
      <Fact name="Seed">{sample.seed}</Fact>
      <Fact name="Sampler">
        <code className="font-mono text-xs">{JSON.stringify(sample.sampler)}</code>
      </Fact>
      <Fact name="Prompt hash">
        <code className="font-mono text-xs">{sample.promptHash}</code>
      </Fact>
    </dl>
  );
}
