import type { ActionPreview } from '@boocontrol/contracts';
import type { ReactNode } from 'react';
import { duration, plural, spoken } from '../format/number';
import { effectWords } from './refusal';

interface PreviewViewProps {
  preview: ActionPreview;
  kind: 'warm' | 'profile' | 'unload' | 'unload-all' | 'cancel';
}

/** A dry run: its sentence, and below what it is made of. */
export function PreviewView({ preview, kind }: PreviewViewProps) {
  const { evicts, load, inflight } = preview;
  const effect = effectWords(preview);
  // It would be refused, so it would do nothing.
  if (effect === '') return null;
  return (
    <>
      <p className="[overflow-wrap:anywhere]">{effect}</p>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 text-sm empty:hidden">
        {kind === 'warm' && evicts.length > 0 && (
          <Line name="May unload">
            {evicts.map(({ model, certainty, seen }) => (
              <Named key={model} name={model}>
                {certainty}
                {seen.of > 0 && `, in ${seen.times} of ${plural(seen.of, 'load')}`}
              </Named>
            ))}
          </Line>
        )}
        {load && (
          <Line name="Load time">
            <span className="num">
              {spoken(duration(load.medianS * 1000))}
              {load.samples > 1 && (
                <span className="text-fg2">
                  {' '}
                  · {spoken(duration(load.minS * 1000))} to {spoken(duration(load.maxS * 1000))} over{' '}
                  {plural(load.samples, 'load')}
                </span>
              )}
            </span>
          </Line>
        )}
        {inflight.length > 0 && (
          <Line name="In flight">
            {inflight.map(({ model, requests }) => (
              <Named key={model} name={model}>
                {plural(requests, 'request')}
              </Named>
            ))}
          </Line>
        )}
      </dl>
    </>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-fg3">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

/** A model and what is said of it; a long name gives way. */
function Named({ name, children }: { name: string; children: ReactNode }) {
  return (
    <span className="flex min-w-0 flex-wrap gap-x-3">
      <span className="max-w-full truncate font-mono" title={name}>
        {name}
      </span>
      <span className="text-fg2">{children}</span>
    </span>
  );
}
