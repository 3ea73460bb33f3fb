'use client';
import type { ActivityEntry } from '@boocontrol/contracts';

const NOT_KEPT = {
  none: [
    'The host kept no capture of this request.',
    'llama-swap keeps bodies only while captureBuffer in its config is above 0, and never for audio and image routes.',
  ],
  pending: ['The capture is on its way.', 'It appears here as soon as it is stored.'],
  gone: [
    'The capture is gone.',
    'It left the host’s buffer before it could be fetched, or the budget for captures pushed it out. A larger captureBuffer or CAPTURE_BUDGET_MB keeps more.',
  ],
} as const;

/** Why there are no bodies to show. */
export function NotKept({ state }: { state: ActivityEntry['captureState'] }) {
  const [what, why] = NOT_KEPT[state === 'stored' ? 'gone' : state];
  return (
    <div role="status" className="mt-6 rounded-lg border border-dashed px-4 py-6 text-center text-sm">
      <p className="font-medium">{what}</p>
      <p className="mt-1 text-fg2">{why}</p>
    </div>
  );
}
