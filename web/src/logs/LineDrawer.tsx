'use client';
import { exact } from '../format/time';
import { hostHref } from '../hosts/address';
import { PageLink } from '../shell/PageLink';
import { CopyButton } from '../ui/Copy';
import { Drawer } from '../ui/Drawer';
import type { Line } from './line';
import { LineText } from './LogRow';
import { activityHref, KNOWN_BY, modelWord } from './words';

interface LineDrawerProps {
  line: Line;
  nameOf: (providerId: string) => string;
  onClose: () => void;
}

const LINK = 'text-accent hover:underline pointer-coarse:py-3';

/** One line as a whole, and the ways from it. */
export default function LineDrawer({ line, nameOf, onClose }: LineDrawerProps) {
  const { atMs, providerId, source, level, model, raw, text, cut } = line;
  return (
    <Drawer
      title={`Line of ${nameOf(providerId)}`}
      aside={<CopyButton what="the line" text={text} />}
      onClose={onClose}
    >
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
        <dt className="text-fg3">Read</dt>
        <dd className="num">{exact(atMs)}</dd>
        <dt className="text-fg3">Host</dt>
        <dd>
          <PageLink href={hostHref(providerId)} className={LINK}>
            {nameOf(providerId)}
          </PageLink>
        </dd>
        <dt className="text-fg3">Written by</dt>
        <dd>{source === 'proxy' ? 'the host itself (proxy)' : 'one of its model servers (upstream)'}</dd>
        <dt className="text-fg3">Model</dt>
        <dd className="[overflow-wrap:anywhere]">
          {model === null ? (
            'not known'
          ) : (
            <>
              {modelWord(model)} <span className="text-fg3">{KNOWN_BY[model.by]}</span>
            </>
          )}
        </dd>
        <dt className="text-fg3">Level</dt>
        <dd>{level ?? 'not said'}</dd>
      </dl>
      <pre className="mt-4 rounded-lg border bg-bg px-3 py-2 font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">
        <LineText raw={raw} cut={cut} most={raw.length} />
      </pre>
      {cut && (
        <p className="mt-2 text-xs text-fg3">The line was longer: of each line the first 8 kB are kept.</p>
      )}
      <p className="mt-4 text-sm">
        <PageLink href={activityHref(providerId, atMs)} className={LINK}>
          Requests of this host within a minute of it
        </PageLink>
      </p>
    </Drawer>
  );
}
