'use client';
import { memo, useState } from 'react';
import { PlainText } from '../texts/PlainText';
import { Button } from '../ui/controls';
import { CopyButton } from '../ui/Copy';
import { Menu } from '../ui/Menu';
import { AnswerTurn } from './AnswerTurn';
import type { Desk } from './desk';
import { EditTurn } from './EditTurn';
import { Thumbnails } from './Thumbnails';
import type { Turn } from './types';

const WHO: Record<Exclude<Turn['role'], 'assistant'>, string> = {
  user: 'you',
  system: 'system',
  tool: 'result of a tool',
};

interface TurnViewProps {
  desk: Desk;
  paneId: string;
  turn: Turn;
  /** Nothing can be changed while an answer is on its way. */
  isBusy: boolean;
  canFork: boolean;
  /** Nobody has answered it, and nobody is about to. */
  isUnanswered: boolean;
  onWhy: (dispatchId: string) => void;
}

export const TurnView = memo(function TurnView(props: TurnViewProps) {
  const { desk, paneId, turn, isBusy, canFork, isUnanswered, onWhy } = props;
  const [isEditing, setEditing] = useState(false);
  const fork = { label: 'Fork here', run: () => desk.fork(paneId, turn.id) };
  const remove = { label: 'Delete', danger: true, run: () => desk.remove(paneId, turn.id) };
  const again = { label: 'Ask again', run: () => desk.again(paneId, turn.id) };
  const edit = { label: 'Edit and send', run: () => setEditing(true) };
  const items = [
    ...(isBusy ? [] : turn.role === 'assistant' ? [again] : [edit]),
    ...(canFork ? [fork] : []),
    ...(isBusy ? [] : [remove]),
  ];
  const menu = items.length > 0 && <Menu small label="Message" items={items} />;
  if (turn.role === 'assistant')
    return <AnswerTurn turn={turn} menu={menu} onWhy={onWhy} onAgain={isBusy ? null : again.run} />;
  if (isEditing)
    return (
      <EditTurn
        text={turn.text}
        onSend={(text) => {
          setEditing(false);
          desk.again(paneId, turn.id, text);
        }}
        onCancel={() => setEditing(false)}
      />
    );
  return (
    <section className="rounded-lg border bg-s2 px-3 py-2">
      <div className="flex items-center">
        <h3 className="text-xs font-medium text-fg3">{WHO[turn.role]}</h3>
        <span className="ml-auto" />
        {turn.text && <CopyButton what={WHO[turn.role]} text={turn.text} />}
        {menu}
      </div>
      <PlainText text={turn.text} />
      <Thumbnails pictures={turn.pictures} />
      {isUnanswered && (
        <Button className="mt-2" onClick={again.run}>
          Ask for an answer
        </Button>
      )}
    </section>
  );
});
