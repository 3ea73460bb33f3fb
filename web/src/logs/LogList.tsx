'use client';
import { useImperativeHandle, useLayoutEffect, useRef, useState, useEffect, type Ref } from 'react';
import { useMedia } from '../browser/media';
import { LogRow, rowId } from './LogRow';
import type { Line } from './line';
import { rowKey, type Row } from './rows';

export interface LogListHandle {
  /** Brings a row into view and puts the focus there, where it is on the list or nowhere. */
  show: (index: number) => void;
}

interface LogListProps {
  rows: readonly Row[];
  selected: number;
  hostless: boolean;
  host: string | null;
  nameOf: (providerId: string) => string;
  /** The newest line stays in view. */
  follows: boolean;
  /** The reader went up, or came down to the end. */
  onEnd: (isAtEnd: boolean) => void;
  /** A press on a row begins: it has to stay under the pointer. */
  onPress: () => void;
  onOpen: (line: Line) => void;
  handle: Ref<LogListHandle>;
}

/** Rows above and below what is seen. */
const SPARE = 12;
/** So near to the end is at it, in pixels. */
const NEAR = 4;

/** Rows of one height, so many as are seen: a thousand lines a second cost no more than what fits on the screen. */
export default function LogList(props: LogListProps) {
  const { rows, selected, hostless, host, nameOf, follows, onEnd, onPress, onOpen, handle } = props;
  const narrow = useMedia('(max-width: 639px)');
  const height = narrow ? 44 : 24;
  const scroller = useRef<HTMLDivElement>(null);
  /** The reader has been away from the end: only then is coming there meant. */
  const wasAway = useRef(false);
  const lastTop = useRef(0);
  const [seen, setSeen] = useState({ top: 0, height: 800 });

  // External system: the height of the window.
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() =>
      setSeen((before) => ({ ...before, height: element.clientHeight })),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && follows) element.scrollTop = element.scrollHeight;
  }, [rows, follows, height, seen.height]);
  useImperativeHandle(handle, () => ({
    show: (index) => {
      const element = scroller.current;
      if (!element) return;
      const [top, bottom] = [index * height, (index + 1) * height];
      if (top < element.scrollTop) element.scrollTop = top;
      else if (bottom > element.scrollTop + element.clientHeight)
        element.scrollTop = bottom - element.clientHeight;
      const row = rows[index];
      const isFree = document.activeElement === document.body || element.contains(document.activeElement);
      if (row && isFree)
        requestAnimationFrame(() => document.getElementById(rowId(row))?.focus({ preventScroll: true }));
    },
  }));

  const onScroll = ({ currentTarget }: { currentTarget: HTMLElement }): void => {
    const { scrollTop: top, clientHeight, scrollHeight } = currentTarget;
    setSeen({ top, height: clientHeight });
    const isAtEnd = scrollHeight - top - clientHeight <= NEAR;
    const isUp = top < lastTop.current;
    lastTop.current = top;
    if (!isAtEnd) {
      // The window became smaller, by a note above it: nobody went away from the end.
      if (follows && !isUp) return;
      wasAway.current = true;
      if (follows) onEnd(false);
    } else if (wasAway.current) {
      wasAway.current = false;
      if (!follows) onEnd(true);
    }
  };
  const total = rows.length * height;
  // What is followed is at its end, also before the browser has scrolled there.
  const top = follows
    ? Math.max(0, total - seen.height)
    : Math.min(seen.top, Math.max(0, total - seen.height));
  const first = Math.max(0, Math.floor(top / height) - SPARE);
  const last = Math.min(rows.length, Math.ceil((top + seen.height) / height) + SPARE);
  const reachable = selected >= 0 ? selected : rows.length - 1;
  return (
    <div
      role="grid"
      aria-label="Log lines, newest last"
      aria-rowcount={rows.length}
      aria-readonly
      className={`@container/log flex min-h-0 flex-1 flex-col border-t bg-s1 ${hostless ? 'log-hostless' : ''}`}
    >
      <div
        ref={scroller}
        role="rowgroup"
        tabIndex={-1}
        onScroll={onScroll}
        onPointerDown={({ target }) => {
          if (target instanceof Element && target.closest('[role=row]')) onPress();
        }}
        // Before the list is scrolled on: a wheel that turns up means it.
        onWheel={({ deltaY }) => {
          if (deltaY < 0 && follows && total > seen.height) onEnd(false);
        }}
        className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto overscroll-contain [overflow-anchor:none] [scrollbar-gutter:stable]"
      >
        <div role="presentation" style={{ height: total }} className="relative">
          {rows.slice(first, last).map((row, at) => (
            <div
              role="presentation"
              key={rowKey(row)}
              style={{ top: (first + at) * height, height }}
              className="absolute inset-x-0"
            >
              <LogRow
                row={row}
                place={first + at + 1}
                selected={first + at === selected}
                reachable={first + at === reachable}
                narrow={narrow}
                hostless={hostless}
                host={host}
                nameOf={nameOf}
                onOpen={onOpen}
              />
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}
