'use client';
import { ConversationView } from '../ConversationView';
import { HeadersView, RawView } from '../RawView';
import { CaptureTools } from './CaptureTools';
import { NotKept } from './NotKept';
import { keptCapture, type StoryProps } from './story';

export function Conversation(props: StoryProps) {
  const { entry } = props;
  const capture = keptCapture(entry);
  if (capture === null) return <NotKept state={entry.captureState} />;
  return (
    <>
      <CaptureTools {...props} />
      <ConversationView capture={capture} contentType={entry.row.respContentType} />
    </>
  );
}

export function Raw(props: StoryProps) {
  const { entry } = props;
  const capture = keptCapture(entry);
  if (capture === null) return <NotKept state={entry.captureState} />;
  return (
    <>
      <CaptureTools {...props} />
      <RawView capture={capture} />
    </>
  );
}

export function Headers(props: StoryProps) {
  const { entry } = props;
  const capture = keptCapture(entry);
  if (capture === null) return <NotKept state={entry.captureState} />;
  return (
    <>
      <CaptureTools {...props} />
      <HeadersView capture={capture} />
    </>
  );
}
