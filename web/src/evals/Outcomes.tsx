import type { EvalOutcome } from '@boocontrol/contracts';
import { count } from '../format/number';
import { counted } from './items';
import { OUTCOME, OUTCOMES } from './words';

/** The square of an outcome: its colour and its sign. */
export function OutcomeMark({ outcome }: { outcome: EvalOutcome }) {
  const { sign, look } = OUTCOME[outcome];
  return (
    <i
      aria-hidden
      className={`grid size-4.5 shrink-0 place-items-center rounded-sm border text-2xs leading-none font-semibold not-italic ${look}`}
    >
      {sign}
    </i>
  );
}

export function OutcomeWord({ outcome }: { outcome: EvalOutcome }) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <OutcomeMark outcome={outcome} />
      {OUTCOME[outcome].word}
    </span>
  );
}

/** How many of each. */
export function OutcomeCounts({ outcomes }: { outcomes: Readonly<Record<string, number | undefined>> }) {
  return (
    <ul aria-label="Outcomes" className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
      {counted(outcomes).map(({ outcome, n }) => (
        <li key={outcome} className="inline-flex items-center gap-1.5" title={OUTCOME[outcome].means}>
          <OutcomeMark outcome={outcome} />
          <span className="num">{count(n)}</span> <span className="text-fg2">{OUTCOME[outcome].word}</span>
        </li>
      ))}
    </ul>
  );
}

/** What the signs of the grid mean. */
export function Legend() {
  return (
    <details className="text-xs">
      <summary className="w-fit text-fg3 hover:text-fg pointer-coarse:py-3">What the signs mean</summary>
      <dl className="mt-1 grid gap-x-6 gap-y-1 sm:grid-cols-2">
        {OUTCOMES.map((outcome) => (
          <div key={outcome} className="flex min-w-0 items-start gap-2">
            <dt className="w-32 shrink-0">
              <OutcomeWord outcome={outcome} />
            </dt>
            <dd className="min-w-0 text-fg2">{OUTCOME[outcome].means}</dd>
          </div>
        ))}
        <div className="flex items-center gap-2">
          <dt className="w-32 shrink-0">
            <span className="relative inline-grid size-4.5 place-items-center rounded-sm border border-line-strong align-middle">
              <Touched />
            </span>{' '}
            corner
          </dt>
          <dd className="text-fg2">something else used the host meanwhile: its times are not its own</dd>
        </div>
      </dl>
    </details>
  );
}

/** In the corner of a square: contaminated. */
export function Touched() {
  return (
    <svg viewBox="0 0 6 6" aria-hidden className="absolute top-0 right-0 size-1.5 text-busy">
      <path d="M0 0h6v6Z" fill="currentColor" />
    </svg>
  );
}
