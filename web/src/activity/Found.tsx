import type { ActivityRow } from '@boocontrol/contracts';

/** The piece of a prompt or an answer that a search found, in one line of the list. */
export function Found({ found }: { found: ActivityRow['found'] }) {
  return (
    <span role="gridcell" data-testid="found" className="col-span-full h-5 truncate leading-5 text-fg2">
      {found && found.parts.length > 0 && (
        <>
          <span className="text-fg3">{found.in}: </span>
          {found.parts.map(({ text, hit }, n) =>
            hit ? (
              <mark key={n} className="rounded-xs bg-busy/25 text-fg">
                {text}
              </mark>
            ) : (
              text
            ),
          )}
        </>
      )}
    </span>
  );
}
