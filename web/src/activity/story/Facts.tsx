'use client';
import type { ActivityRow } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import type { ReactNode } from 'react';
import { Consumer } from '../FeedCells';
import { cacheText } from '../prompt-text';
import { figuresOf } from '../rows';
import { wayWords } from '../way-words';
import { count, duration, NONE, rate, spoken } from '../../format/number';
import { exact } from '../../format/time';
import { Ago } from '../../live/Ago';

interface FactsProps {
  row: ActivityRow;
  nameOf: (providerId: string) => string;
}

/** What a request was, in figures. */
export function Facts({ row, nameOf }: FactsProps) {
  const ms = instantToMs(row.ts);
  const figures = figuresOf(row);
  return (
    <>
      {row.errorMsg && (
        <p className="mb-4 rounded-md bg-error/12 px-3 py-2 text-sm [overflow-wrap:anywhere]">
          {row.errorMsg}
        </p>
      )}
      <dl className="num grid grid-cols-2 gap-x-6 gap-y-3 text-sm sm:grid-cols-4">
        <Fact name="Host">{nameOf(row.providerId)}</Fact>
        <Fact name="Consumer">
          <Consumer source={row.source} />
        </Fact>
        <Fact name="Path">
          <code className="font-mono text-xs">{row.reqPath}</code>
        </Fact>
        <Fact name="Duration">{spoken(duration(row.durationMs))}</Fact>
        <Fact name="Prompt">
          {withUnit(count(figures.promptTokens), 'tokens')}
          <span className="block text-xs text-fg2">{cacheText(row)}</span>
        </Fact>
        <Fact name="Generated">{withUnit(count(figures.outputTokens), 'tokens')}</Fact>
        <Fact name="Prompt speed">{withUnit(rate(figures.promptTps), 'tok/s')}</Fact>
        <Fact name="Generation speed">{withUnit(rate(figures.genTps), 'tok/s')}</Fact>
        {row.draftTokens !== null && (
          <Fact name="Drafted">
            {count(row.draftAcceptedTokens)} of {count(row.draftTokens)} accepted
          </Fact>
        )}
        {row.dispatchId && (
          <div className="col-span-2 sm:col-span-4">
            <dt className="eyebrow">Way</dt>
            <dd>{wayWords(row)}</dd>
          </div>
        )}
        <div className="col-span-2 sm:col-span-4">
          <dt className="eyebrow">Ended</dt>
          <dd>
            {exact(ms)} <span className="text-fg3">by the host’s clock,</span>{' '}
            <Ago atMs={ms} className="text-fg2" />
          </dd>
        </div>
      </dl>
    </>
  );
}

const withUnit = (value: string, unit: string): string => (value === NONE ? NONE : `${value} ${unit}`);

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="eyebrow">{name}</dt>
      <dd className="[overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}
