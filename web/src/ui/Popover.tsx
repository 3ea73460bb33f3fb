'use client';
import { lazy, Suspense, useRef, useState, type ReactNode } from 'react';
import { Button } from './controls';

const load = () => import('./PopoverPanel');
const PopoverPanel = lazy(load);
const loadAhead = (): void => void load();

interface PopoverProps {
  /** Accessible name of the panel, and of the button where `button` is not text. */
  label: string;
  button: ReactNode;
  /** Of the button, where what it shows is not its name. */
  buttonLabel?: string;
  align?: 'start' | 'end';
  look?: 'plain' | 'quiet';
  /** Made when it is open. */
  children: (close: () => void) => ReactNode;
}

/** A button with a panel of controls. The panel's script comes when one is about to press the button. */
export function Popover({
  label,
  button,
  buttonLabel,
  align = 'start',
  look = 'plain',
  children,
}: PopoverProps) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const close = (): void => setOpen(false);
  return (
    <>
      <Button
        ref={anchor}
        look={look}
        aria-label={buttonLabel}
        aria-haspopup="dialog"
        aria-expanded={open}
        onPointerEnter={loadAhead}
        onFocus={loadAhead}
        onClick={() => setOpen((before) => !before)}
      >
        {button}
      </Button>
      {open && (
        <Suspense>
          <PopoverPanel label={label} anchor={anchor} align={align} onClose={close}>
            {children(close)}
          </PopoverPanel>
        </Suspense>
      )}
    </>
  );
}
