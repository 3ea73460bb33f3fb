import type { EvalSuiteCheck } from '@boocontrol/contracts';
import { count, plural } from '../format/number';
import { Mark } from '../ui/marks';

/** Whether the references of a suite pass and its wrong solutions fail. null: that has not begun. */
export function CheckView({ check }: { check: EvalSuiteCheck | null }) {
  const { at = null, tried = 0, total = 0, faults = [], leftOut = 0, reason = null } = check ?? {};
  const isDone = at !== null;
  const tone = !isDone ? 'own' : faults.length > 0 ? 'error' : leftOut > 0 || total === 0 ? 'busy' : 'ready';
  return (
    <section aria-label="References" className="flex min-w-0 flex-col gap-1.5" data-testid="references">
      <h3 className="font-semibold">References</h3>
      <p role="status" className="flex gap-2 text-fg2">
        <span className="mt-1.5">
          <Mark tone={tone} />
        </span>
        {words(isDone, { tried, total, leftOut, faults: faults.length })}
      </p>
      {reason !== null && <p className="text-xs text-fg2 [overflow-wrap:anywhere]">{reason}</p>}
      {faults.length > 0 && (
        <ul className="divide-y rounded-md border">
          {faults.map(({ item, solution, message }) => (
            <li key={`${item} ${solution}`} className="flex min-w-0 flex-col gap-0.5 px-3 py-1.5">
              <code className="font-mono text-xs [overflow-wrap:anywhere]">{item}</code>
              <span className="text-fg2 [overflow-wrap:anywhere]">{message}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function words(
  isDone: boolean,
  { tried, total, leftOut, faults }: { tried: number; total: number; leftOut: number; faults: number },
): string {
  if (!isDone)
    return total === 0
      ? 'References and wrong solutions are about to be tried.'
      : `References and wrong solutions are being tried: ${count(tried)} of ${count(total)}.`;
  if (total === 0)
    return 'No item has a reference or a wrong solution, so nothing shows that it can be passed, or failed.';
  const left = leftOut === 0 ? '' : ` ${plural(leftOut, 'solution')} of code could not be tried.`;
  if (tried === 0) return left.trim();
  if (faults > 0)
    return `${count(faults)} of ${plural(tried, 'solution')} did not come out as they should. Mend these items, or retire them.${left}`;
  return `${plural(tried, 'solution')} tried: every reference passes, and every wrong one fails.${left}`;
}
