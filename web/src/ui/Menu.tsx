'use client';
import { lazy, Suspense, useRef, useState } from 'react';
import { IconButton } from './controls';
import { MoreIcon } from './icons';
import type { MenuItem } from './MenuList';

interface MenuProps {
  label: string;
  items: readonly MenuItem[];
  /** For a button within a line of text. */
  small?: boolean;
}

const load = () => import('./MenuList');
const MenuList = lazy(load);
const loadAhead = (): void => void load();

/** A button with a list of actions. The list's script comes when one is about to press the button. */
export function Menu({ label, items, small = false }: MenuProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <IconButton
        ref={button}
        label={label}
        className={small ? 'size-6! pointer-coarse:size-10! text-fg3!' : ''}
        aria-haspopup="menu"
        aria-expanded={open}
        onPointerEnter={loadAhead}
        onFocus={loadAhead}
        onClick={() => {
          // Not every browser focuses a button that is pressed; the focus comes back to it.
          button.current?.focus();
          setOpen((before) => !before);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
          event.preventDefault();
          event.stopPropagation();
          setOpen(true);
        }}
      >
        <MoreIcon className="size-4" />
      </IconButton>
      {open && (
        <Suspense>
          <MenuList label={label} items={items} anchor={button} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
