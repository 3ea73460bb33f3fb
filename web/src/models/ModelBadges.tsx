'use client';
import { Mark } from '../ui/marks';
import { toneText } from '../ui/tone';
import type { Badge } from './badges';
import type { Place } from './matches';
import { useBadges } from './use-badges';

/** What speaks for a model now. The reasons are told on hover, on focus, and to screen readers. */
export function ModelBadges({ places }: { places: readonly Place[] }) {
  const badges = useBadges()(places);
  return badges.length > 0 ? <Badges badges={badges} /> : null;
}

interface BadgesProps {
  badges: readonly Badge[];
  /** False within something that has the focus itself and tells the reasons. */
  focusable?: boolean;
}

export function Badges({ badges, focusable = true }: BadgesProps) {
  const why = badges.map((badge) => badge.why).join(' ');
  return (
    <span
      {...(focusable ? { tabIndex: 0, 'data-why': why } : {})}
      data-testid="badges"
      title={badges.map((badge) => badge.why).join('\n')}
      className="inline-flex shrink-0 items-center gap-2 align-middle pointer-coarse:min-h-10"
    >
      {badges.map(({ key, tone, text }) => (
        <span key={key} className="inline-flex items-center gap-1 text-2xs whitespace-nowrap text-fg2">
          <span className={toneText[tone]}>
            <Mark tone={tone} />
          </span>
          {text}
        </span>
      ))}
      <span className="sr-only">{why}</span>
    </span>
  );
}
