'use client';
import { Menu as Base } from '@base-ui/react/menu';
import { useEffect, useRef, type RefObject } from 'react';
import { actsFor } from './opener';

export interface MenuItem {
  label: string;
  danger?: boolean;
  run: () => void;
}

interface MenuListProps {
  label: string;
  items: readonly MenuItem[];
  anchor: RefObject<HTMLElement | null>;
  onClose: () => void;
}

/** Arrow keys, Home, End and first letters move; Enter runs; Esc and Tab close and give the focus back. */
export default function MenuList({ label, items, anchor, onClose }: MenuListProps) {
  const begun = useRef(false);
  const first = useRef<HTMLDivElement>(null);
  const ran = useRef(false);
  // External system: the focus. What an action opens takes it and must keep it; else it goes back to the button.
  useEffect(
    () => () => {
      const button = anchor.current;
      if (!ran.current) return;
      requestAnimationFrame(() => {
        if (document.activeElement === document.body) button?.focus({ preventScroll: true });
      });
    },
    [anchor],
  );
  return (
    <Base.Root
      open
      modal={false}
      onOpenChange={(open, { reason, event, cancel }) => {
        // A press on the button belongs to the button.
        if (reason === 'outside-press' && anchor.current?.contains(event.target as Node)) cancel();
        else if (!open) onClose();
      }}
    >
      <Base.Portal>
        <Base.Positioner anchor={anchor} align="end" sideOffset={4} className="z-50 outline-none">
          <Base.Popup
            aria-label={label}
            finalFocus={() => !ran.current}
            onFocus={(event) => {
              // At the beginning the library gives the focus to the list itself.
              if (begun.current || event.target !== event.currentTarget) return;
              begun.current = true;
              first.current?.focus();
            }}
            onKeyDown={(event) => {
              // Tab leaves a menu; the library would let the focus rest on an invisible guard behind it.
              if (event.key !== 'Tab') return;
              event.preventDefault();
              onClose();
            }}
            className="w-44 rounded-lg border border-line-strong bg-s2 p-1 text-fg shadow-(--shadow) outline-none"
          >
            {items.map(({ label: text, danger, run }, index) => (
              <Base.Item
                key={text}
                ref={index === 0 ? first : undefined}
                onClick={() => {
                  ran.current = true;
                  actsFor(anchor.current);
                  run();
                }}
                className={`flex h-8 pointer-coarse:h-10 cursor-pointer items-center rounded px-3 text-sm outline-none data-highlighted:bg-s3 ${danger ? 'text-error' : ''}`}
              >
                {text}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
