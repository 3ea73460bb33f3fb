'use client';
import type { Capture } from '@boocontrol/contracts';
import { useState } from 'react';
import { useProvider } from '../../live';
import { PageLink } from '../../shell/PageLink';
import { CopyButton } from '../../ui/Copy';
import { curlCommand, type CurlCommand } from './curl';
import { keptCapture, type StoryProps } from './story';

/** A chat whose body is there in full. */
const canBeAskedAgain = ({ reqPath, reqBody }: Capture): boolean =>
  reqPath.endsWith('/chat/completions') && reqBody?.encoding === 'utf8' && !reqBody.cut;

/** What can be done with a request whose body is kept. */
export function CaptureTools({ entry, openKey, nameOf }: StoryProps) {
  const capture = keptCapture(entry);
  const [copied, setCopied] = useState<CurlCommand | null>(null);
  const provider = useProvider(entry.row.providerId);
  if (capture === null) return null;
  const targets = targetsOf(capture, provider && { url: provider.baseUrl, name: nameOf(provider.id) });
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      {canBeAskedAgain(capture) && (
        <PageLink
          href={`/playground/?from=${encodeURIComponent(openKey)}`}
          className="inline-flex items-center text-accent underline pointer-coarse:min-h-10"
        >
          Open in Playground
        </PageLink>
      )}
      <span className="ml-auto text-xs text-fg3">Copy as curl</span>
      {targets.map(({ name, url }) => {
        const made = curlCommand(capture, url);
        return (
          <CopyButton
            key={name}
            what={`as curl, ${name}`}
            word={name}
            text={made.command}
            onCopied={() => setCopied(made)}
          />
        );
      })}
      {copied && copied.notes.length > 0 && (
        <p role="status" className="basis-full text-xs text-fg2">
          {copied.notes.join(' ')}
        </p>
      )}
    </div>
  );
}

interface Target {
  name: string;
  url: string;
}

/** To the host itself, and through /v1, where it has such a path. */
function targetsOf({ reqPath }: Capture, host: Target | undefined): Target[] {
  return [
    ...(host ? [{ name: `to ${host.name}`, url: host.url.replace(/\/+$/, '') + reqPath }] : []),
    ...(reqPath.startsWith('/v1/') ? [{ name: 'through /v1', url: location.origin + reqPath }] : []),
  ];
}
