'use client';
import { useId, useRef, useState, type RefObject } from 'react';
import { plural } from '../format/number';
import { Button, IconButton } from '../ui/controls';
import { PictureIcon } from '../ui/icons';
import type { Desk } from './desk';
import { gather, PICTURE_TYPES } from './pictures';
import { Thumbnails } from './Thumbnails';
import type { Picture } from './types';

interface ComposerProps {
  desk: Desk;
  prompt: string;
  /** How many answers are on their way. */
  running: number;
  /** How many panes would be asked. */
  free: number;
  /** In which order, in a sentence. */
  order: string | null;
  /** The parameters are not right. */
  isWrong: boolean;
  onShowParameters: () => void;
  field: RefObject<HTMLTextAreaElement | null>;
}

const NO_PICTURES: readonly Picture[] = [];

/** Where the next message is written. Ctrl Enter sends it to every pane, Esc stops what is on its way. */
export function Composer(props: ComposerProps) {
  const { desk, prompt, running, free, order, isWrong, onShowParameters, field } = props;
  const [pictures, setPictures] = useState(NO_PICTURES);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const files = useRef<HTMLInputElement>(null);
  const told = useId();
  const canSend = free > 0 && (prompt.trim() !== '' || pictures.length > 0);
  const send = (): void => {
    if (!canSend || !desk.send(prompt, pictures)) return;
    desk.change({ prompt: '' });
    setPictures(NO_PICTURES);
    setProblems([]);
  };
  const add = (list: FileList | null): void => {
    if (!list || list.length === 0) return;
    void gather(pictures, [...list]).then((gathered) => {
      setPictures(gathered.pictures);
      setProblems(gathered.problems);
    });
  };
  return (
    <form
      aria-label="Message"
      className="border-t bg-s1 px-3 pt-3 pb-3"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className="mx-auto max-w-3xl">
        <textarea
          ref={field}
          aria-label="Your message"
          aria-describedby={told}
          placeholder="Ask something"
          value={prompt}
          onChange={(event) => desk.change({ prompt: event.currentTarget.value })}
          onPaste={(event) => add(event.clipboardData.files)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            send();
          }}
          className="max-h-60 min-h-17 w-full resize-none rounded-lg border border-line-strong bg-bg px-3 py-2 leading-6 [field-sizing:content]"
        />
        <Thumbnails
          pictures={pictures}
          onRemove={(index) => setPictures(pictures.filter((_, n) => n !== index))}
        />
        {problems.length > 0 && (
          <p role="alert" className="mt-1 text-xs text-error">
            {problems.join(' ')}
          </p>
        )}
        {isWrong && (
          <p role="alert" className="mt-1 flex flex-wrap items-center gap-2 text-xs text-error">
            Not sent: a parameter isn’t right.
            <Button className="h-7! text-xs!" onClick={onShowParameters}>
              Show the parameters
            </Button>
          </p>
        )}
        <div className="mt-2 flex items-center gap-2">
          <input
            ref={files}
            type="file"
            multiple
            accept={PICTURE_TYPES}
            aria-label="Pictures"
            className="hidden"
            onChange={(event) => {
              add(event.currentTarget.files);
              event.currentTarget.value = '';
            }}
          />
          <IconButton label="Attach pictures" onClick={() => files.current?.click()}>
            <PictureIcon className="size-4" />
          </IconButton>
          <p id={told} className="min-w-0 flex-1 text-xs text-fg3">
            {order}
          </p>
          {running > 0 && (
            <Button look="danger" onClick={() => desk.stop()}>
              Stop{running > 1 ? ` ${plural(running, 'answer')}` : ''}
              <Key>Esc</Key>
            </Button>
          )}
          <Button look="primary" type="submit" disabled={!canSend}>
            Send
            <Key>Ctrl ↵</Key>
          </Button>
        </div>
      </div>
    </form>
  );
}

const Key = ({ children }: { children: string }) => (
  <kbd aria-hidden className="font-mono text-2xs pointer-coarse:hidden">
    {children}
  </kbd>
);
