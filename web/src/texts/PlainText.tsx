import { splitFences } from './fences';

const CODE = 'my-2 overflow-x-auto rounded border bg-bg px-3 py-2 font-mono text-xs leading-5';
const TEXT = 'text-sm leading-6 whitespace-pre-wrap [overflow-wrap:anywhere]';

/** Text as it was written; fenced code apart. */
export function PlainText({ text }: { text: string }) {
  return (
    <>
      {splitFences(text).map(({ code, text: part }, i) =>
        code ? (
          <pre key={i} tabIndex={0} className={CODE}>
            {part}
          </pre>
        ) : (
          <p key={i} className={TEXT}>
            {part}
          </p>
        ),
      )}
    </>
  );
}
