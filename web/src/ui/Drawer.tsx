'use client';
import { CloseIcon } from './icons';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { IconButton } from './controls';

interface DrawerProps {
  title: string;
  /** Beside the title. */
  aside?: ReactNode;
  onClose: () => void;
  children: ReactNode;
}

/** A sheet at the right that leaves the page behind it in use. Takes the focus, closes on Esc, gives the focus back. */
export function Drawer({ title, aside, onClose, children }: DrawerProps) {
  const titleId = useId();
  const sheet = useRef<HTMLElement>(null);
  // External system: the document's focus.
  useEffect(() => {
    const before = document.activeElement;
    sheet.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <section
      ref={sheet}
      role="dialog"
      aria-labelledby={titleId}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.stopPropagation();
        onClose();
      }}
      className="fixed inset-y-0 right-0 z-30 flex w-full animate-slide-in flex-col border-l border-line-strong bg-s1 shadow-(--shadow) outline-none sm:w-[min(46rem,92vw)]"
    >
      <header className="flex items-center gap-3 border-b px-5 py-3">
        <h2 id={titleId} className="min-w-0 truncate text-lg font-semibold">
          {title}
        </h2>
        <div className="flex min-w-0 flex-1 items-center gap-2">{aside}</div>
        <IconButton label="Close" onClick={onClose}>
          <CloseIcon className="size-4" />
        </IconButton>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-5 py-4">{children}</div>
    </section>
  );
}
