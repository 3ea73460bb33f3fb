'use client';
import type { Capture, CapturedBody } from '@boocontrol/contracts';
import { bytes, spoken } from '../format/number';
import { CopyButton } from '../ui/Copy';
import { Code } from '../texts/Code';
import { pretty } from '../texts/json';

export function RawView({ capture }: { capture: Capture }) {
  return (
    <div className="flex flex-col gap-6">
      <BodyView title="Request body" body={capture.reqBody} />
      <BodyView title="Answer body" body={capture.respBody} />
    </div>
  );
}

function BodyView({ title, body }: { title: string; body: CapturedBody | null }) {
  if (!body) {
    return (
      <section>
        <h3 className="font-semibold">{title}</h3>
        <p className="mt-1 text-sm text-fg2">
          The host kept none. It keeps no answers to failed, audio and image requests.
        </p>
      </section>
    );
  }
  return (
    <section>
      <div className="flex items-center gap-3">
        <h3 className="font-semibold">{title}</h3>
        <span className="text-xs text-fg3">{spoken(bytes(body.bytes))}</span>
        <span className="ml-auto" />
        {body.encoding === 'utf8' && <CopyButton what={title.toLowerCase()} text={body.data} />}
      </div>
      <CutMark body={body} />
      {body.encoding === 'utf8' ? (
        <Code text={pretty(body.data)} />
      ) : (
        <p className="mt-1 text-sm text-fg2">Not shown, because it isn&apos;t text.</p>
      )}
    </section>
  );
}

export function CutMark({ body }: { body: CapturedBody }) {
  if (!body.cut) return null;
  const kept = spoken(
    bytes(body.encoding === 'utf8' ? new Blob([body.data]).size : Math.floor((body.data.length * 3) / 4)),
  );
  return (
    <p className="my-1 rounded bg-busy/10 px-2 py-1 text-xs">
      Cut: these are the first {kept} of {spoken(bytes(body.bytes))}. A capture is kept up to 256 kB.
    </p>
  );
}

export function HeadersView({ capture }: { capture: Capture }) {
  return (
    <div className="flex flex-col gap-6">
      <Headers title="Request headers" headers={capture.reqHeaders} />
      <Headers title="Answer headers" headers={capture.respHeaders} />
    </div>
  );
}

function Headers({ title, headers }: { title: string; headers: Readonly<Record<string, string>> }) {
  const entries = Object.entries(headers).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return (
    <section>
      <h3 className="font-semibold">{title}</h3>
      {entries.length === 0 ? (
        <p className="mt-1 text-sm text-fg2">The host kept none.</p>
      ) : (
        <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 font-mono text-xs">
          {entries.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-fg3">{name}</dt>
              <dd className="[overflow-wrap:anywhere]">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
