'use client';
import type { Capture } from '@boocontrol/contracts';
import { ConversationView } from '../ConversationView';
import { HeadersView, RawView } from '../RawView';
import { PageLink } from '../../shell/PageLink';
import { NotKept } from './NotKept';
import { keptCapture, type StoryProps } from './story';

/** A chat whose body is there in full. */
const canBeAskedAgain = ({ reqPath, reqBody }: Capture): boolean =>
  reqPath.endsWith('/chat/completions') && reqBody?.encoding === 'utf8' && !reqBody.cut;

export function Conversation({ entry, openKey }: StoryProps) {
  const capture = keptCapture(entry);
  if (capture === null) return <NotKept state={entry.captureState} />;
  return (
    <>
      <InPlayground capture={capture} openKey={openKey} />
      <ConversationView capture={capture} contentType={entry.row.respContentType} />
    </>
  );
}

export function Raw({ entry, openKey }: StoryProps) {
  const capture = keptCapture(entry);
  if (capture === null) return <NotKept state={entry.captureState} />;
  return (
    <>
      <InPlayground capture={capture} openKey={openKey} />
      <RawView capture={capture} />
    </>
  );
}

export function Headers({ entry }: StoryProps) {
  const capture = keptCapture(entry);
  return capture === null ? <NotKept state={entry.captureState} /> : <HeadersView capture={capture} />;
}

function InPlayground({ capture, openKey }: { capture: Capture; openKey: string }) {
  if (!canBeAskedAgain(capture)) return null;
  return (
    <PageLink
      href={`/playground/?from=${encodeURIComponent(openKey)}`}
      className="mb-3 inline-flex items-center text-sm text-accent underline pointer-coarse:min-h-10"
    >
      Open in Playground
    </PageLink>
  );
}
