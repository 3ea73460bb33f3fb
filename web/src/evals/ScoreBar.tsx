import type { EvalEstimate } from '@boocontrol/contracts';
import { between, share } from './words';

interface ScoreBarProps {
  estimate: EvalEstimate;
  /** For those who cannot see it: of what it is a share. */
  label: string;
  className?: string;
}

/** A share as a bar, and its 95 % interval as whiskers over it. */
export function ScoreBar({ estimate, label, className = 'w-16' }: ScoreBarProps) {
  const { mean, low, high } = estimate;
  const at = (value: number): string => `${100 * value}%`;
  return (
    <span
      role="img"
      aria-label={`${label}: ${share(mean)}, ${between(estimate)}`}
      className={`relative block h-3 shrink-0 ${className}`}
    >
      <i className="absolute inset-x-0 top-1/2 h-1.5 -translate-y-1/2 rounded-full bg-s3" />
      <i
        className="absolute top-1/2 left-0 h-1.5 -translate-y-1/2 rounded-full bg-accent/60"
        style={{ width: at(mean) }}
      />
      <i
        className="absolute top-1/2 h-px -translate-y-1/2 bg-fg"
        style={{ left: at(low), width: at(high - low) }}
      />
      <i className="absolute inset-y-0.5 w-px bg-fg" style={{ left: at(low) }} />
      <i className="absolute inset-y-0.5 w-px bg-fg" style={{ left: at(high) }} />
    </span>
  );
}
