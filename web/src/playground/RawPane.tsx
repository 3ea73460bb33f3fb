'use client';
import { type ReactNode } from 'react';
import { Code } from '../texts/Code';
import { pretty } from '../texts/json';
import { CopyButton } from '../ui/Copy';
import type { Desk } from './desk';
import { curlOf } from './request-body';
import type { Pane } from './types';

/** What went over the wire last, as it went; before anything did, what would. */
export function RawPane({ desk, pane, label }: { desk: Desk; pane: Pane; label: string }) {
  const last = desk.lastOf(pane.id);
  const body = last?.body ?? desk.bodyFor(pane);
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-3 py-4"
    >
      <div className="mx-auto flex max-w-3xl flex-col gap-6">
        {body === null ? (
          <p className="text-sm text-fg2">The parameters aren’t right yet, so nothing would be sent.</p>
        ) : (
          <Part
            title={
              last ? 'Request, POST /v1/chat/completions' : 'What would be sent, POST /v1/chat/completions'
            }
            copy={
              <>
                <CopyButton what="as curl" word="Copy as curl" text={curlOf(body, location.origin)} />
                <CopyButton what="the request" text={body} />
              </>
            }
          >
            <Code text={pretty(body)} />
          </Part>
        )}
        {last && last.status !== null && (
          <>
            <Part title={`Answer, status ${last.status}`}>
              <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 font-mono text-xs">
                {last.headers.map(([name, value]) => (
                  <div key={name} className="contents">
                    <dt className="text-fg3">{name}</dt>
                    <dd className="[overflow-wrap:anywhere]">{value}</dd>
                  </div>
                ))}
              </dl>
            </Part>
            <Part
              title={last.isRawCut ? 'Its first million characters' : 'As it came'}
              copy={<CopyButton what="the answer" text={last.raw} />}
            >
              <Code text={last.raw || 'Nothing came.'} />
            </Part>
          </>
        )}
        {!last && (
          <p className="text-sm text-fg2">
            Requests and answers are kept raw only while the page is open. The page Activity has those of
            before, where the host keeps captures.
          </p>
        )}
      </div>
    </div>
  );
}

function Part({ title, copy, children }: { title: string; copy?: ReactNode; children: ReactNode }) {
  return (
    <section className="min-w-0">
      <div className="flex flex-wrap items-center gap-x-2">
        <h3 className="min-w-0 font-semibold">{title}</h3>
        <span className="ml-auto flex">{copy}</span>
      </div>
      {children}
    </section>
  );
}
