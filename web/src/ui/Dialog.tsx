'use client';
import { CloseIcon } from './icons';
import { useId, type ReactNode } from 'react';
import { IconButton } from './controls';

/** The browser's own modal dialog: it holds the focus, closes on Esc and gives the focus back. */
export function Dialog({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const titleId = useId();
  return (
    <dialog
      ref={(element) => {
        if (element && !element.open) element.showModal();
      }}
      onClose={onClose}
      aria-labelledby={titleId}
      className="m-auto max-h-[calc(100dvh-2rem)] w-[min(34rem,calc(100vw-2rem))] rounded-xl border border-line-strong bg-s1 text-fg shadow-(--shadow)"
    >
      <div className="flex items-center justify-between gap-4 border-b px-5 py-3">
        <h2 id={titleId} className="text-lg font-semibold">
          {title}
        </h2>
        <IconButton label="Close" onClick={(event) => event.currentTarget.closest('dialog')?.close()}>
          <CloseIcon className="size-4" />
        </IconButton>
      </div>
      {children}
    </dialog>
  );
}
