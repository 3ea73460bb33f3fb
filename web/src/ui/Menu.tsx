'use client';
import { MoreIcon } from './icons';
import { useRef, useState } from 'react';
import { IconButton } from './controls';

export interface MenuItem {
  label: string;
  danger?: boolean;
  run: () => void;
}

const WIDTH_PX = 176;
const ROW_PX = 32;

/** A button with a list of actions in the browser's own popover: closes on Esc and on a click elsewhere. */
export function Menu({ label, items }: { label: string; items: readonly MenuItem[] }) {
  const [place, setPlace] = useState<{ top: number; left: number } | null>(null);
  const list = useRef<HTMLUListElement>(null);
  return (
    <>
      <IconButton
        label={label}
        aria-haspopup="true"
        aria-expanded={place !== null}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const height = items.length * ROW_PX + 10;
          const below = box.bottom + 4;
          setPlace({
            top: below + height > innerHeight ? Math.max(8, box.top - 4 - height) : below,
            left: Math.max(8, box.right - WIDTH_PX),
          });
        }}
      >
        <MoreIcon className="size-4" />
      </IconButton>
      {place && (
        <ul
          popover="auto"
          ref={(element) => {
            list.current = element;
            if (!element || element.matches(':popover-open')) return;
            element.showPopover();
            element.querySelector('button')?.focus();
          }}
          onToggle={(event) => {
            if (event.newState === 'closed') setPlace(null);
          }}
          style={{ ...place, width: WIDTH_PX }}
          className="fixed inset-auto m-0 rounded-lg border border-line-strong bg-s2 p-1 text-fg shadow-(--shadow)"
        >
          {items.map(({ label: text, danger, run }) => (
            <li key={text}>
              <button
                type="button"
                className={`block h-8 w-full rounded px-3 text-left text-sm hover:bg-s3 ${danger ? 'text-error' : ''}`}
                onClick={() => {
                  list.current?.hidePopover();
                  run();
                }}
              >
                {text}
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
