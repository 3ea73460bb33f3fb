'use client';
import { forwardRef, useCallback, useEffect, useImperativeHandle, useRef, type ComponentProps } from 'react';
import { Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import { useMedia } from '../browser/media';
import { FeedHead, FeedRow, FOUND_PX, rowId } from './FeedRow';
import type { FeedItem } from './rows';
import type { Hold } from './use-hold';

export interface FeedListHandle {
  toTop: () => void;
  show: (index: number) => void;
}

interface FeedListProps {
  items: readonly FeedItem[];
  /** Each row has a line more, with the piece of its text that was found. */
  isSearch: boolean;
  selected: number;
  nameOf: (providerId: string) => string;
  isEnded: (key: string) => boolean;
  onOpen: (key: string) => void;
  hold: Hold['set'];
  onEnd: () => void;
  handle: React.Ref<FeedListHandle>;
}

/** Roles only: the scroller and the list within it are one group of rows. */
const Scroller = forwardRef<HTMLDivElement, ComponentProps<'div'>>((props, ref) => (
  <div {...props} ref={ref} role="rowgroup" tabIndex={-1} className="[scrollbar-gutter:stable]" />
));
Scroller.displayName = 'Scroller';
const PARTS = { Scroller };

/** The press that a tap makes comes after the finger has left; until then its row stays. */
const TAP_MS = 400;

export default function FeedList({
  items,
  isSearch,
  selected,
  nameOf,
  isEnded,
  onOpen,
  hold,
  onEnd,
  handle,
}: FeedListProps) {
  const narrow = useMedia('(max-width: 639px)');
  const list = useRef<VirtuosoHandle>(null);
  const grid = useRef<HTMLDivElement>(null);
  useImperativeHandle(handle, () => ({
    toTop: () => list.current?.scrollToIndex({ index: 0 }),
    show: (index) => {
      const item = items[index];
      const free = document.activeElement === document.body || grid.current?.contains(document.activeElement);
      list.current?.scrollIntoView({
        index,
        done: () => {
          if (item && free) document.getElementById(rowId(item.key))?.focus({ preventScroll: true });
        },
      });
    },
  }));
  const render = useCallback(
    (index: number, item: FeedItem) => (
      <FeedRow
        item={item}
        selected={index === selected}
        reachable={index === Math.max(0, selected)}
        narrow={narrow}
        isSearch={isSearch}
        nameOf={nameOf}
        ended={item.kind === 'running' && isEnded(item.key)}
        onOpen={onOpen}
      />
    ),
    [selected, narrow, isSearch, nameOf, isEnded, onOpen],
  );
  const onTop = useCallback((atTop: boolean) => hold('below', !atTop), [hold]);
  // External system: the pointer. React misses that it enters when what it was over before, as a drawer, has left the page.
  useEffect(() => {
    const root = document.documentElement;
    const over = ({ target, pointerType }: PointerEvent): void => {
      if (pointerType === 'touch') return;
      hold('pointer', target instanceof Node && grid.current?.contains(target) === true);
    };
    const away = (): void => hold('pointer', false);
    root.addEventListener('pointerover', over);
    root.addEventListener('pointerleave', away);
    return () => {
      root.removeEventListener('pointerover', over);
      root.removeEventListener('pointerleave', away);
    };
  }, [hold]);
  // External system: fingers. Pointer events end when the browser begins to scroll, these when the last finger leaves.
  useEffect(() => {
    const element = grid.current;
    if (!element) return;
    let letGo = 0;
    const down = (): void => {
      clearTimeout(letGo);
      hold('touch', true);
    };
    const up = ({ touches }: TouchEvent): void => {
      if (touches.length === 0) letGo = window.setTimeout(() => hold('touch', false), TAP_MS);
    };
    element.addEventListener('touchstart', down, { passive: true });
    element.addEventListener('touchend', up);
    element.addEventListener('touchcancel', up);
    return () => {
      clearTimeout(letGo);
      element.removeEventListener('touchstart', down);
      element.removeEventListener('touchend', up);
      element.removeEventListener('touchcancel', up);
    };
  }, [hold]);
  // Nothing holds for a list that is no longer there.
  useEffect(
    () => () => {
      for (const reason of ['below', 'pointer', 'touch', 'focus'] as const) hold(reason, false);
    },
    [hold],
  );
  return (
    <div
      role="grid"
      aria-label="Requests, newest first"
      aria-rowcount={-1}
      ref={grid}
      // What the keyboard has reached; a row that only has the focus back from a drawer holds nothing.
      onFocus={({ target }) => hold('focus', target.matches(':focus-visible'))}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) hold('focus', false);
      }}
      className="@container/feed flex min-h-0 flex-1 flex-col border-t bg-s1"
    >
      {!narrow && (
        <div role="rowgroup" className="overflow-hidden [scrollbar-gutter:stable]">
          <FeedHead />
        </div>
      )}
      <Virtuoso
        ref={list}
        data={items}
        components={PARTS}
        computeItemKey={(_, item) => item.key}
        // A list has rows of one height from its first on: another kind of list is another one.
        key={isSearch ? 'search' : 'feed'}
        fixedItemHeight={(narrow ? 48 : 28) + (isSearch ? FOUND_PX : 0)}
        increaseViewportBy={280}
        itemContent={render}
        atTopThreshold={8}
        atTopStateChange={onTop}
        endReached={onEnd}
        className="min-h-0 flex-1"
      />
    </div>
  );
}
