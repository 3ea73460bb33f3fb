'use client';
import { count, plural } from '../../format/number';
import { Button } from '../../ui/controls';

/** What could not be loaded, and the way to ask again. */
export function Failed({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <p role="status" className="flex flex-wrap items-center gap-3 text-sm">
      {error.message} <Button onClick={onRetry}>Try again</Button>
    </p>
  );
}

/** "3 others", "100 others and more". */
export const othersWords = (n: number, isAll: boolean): string =>
  isAll ? plural(n, 'other') : `${count(n)} others and more`;
