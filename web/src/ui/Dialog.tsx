'use client';
import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { IconButton } from './controls';
import { CloseIcon } from './icons';
import { useOpener } from './opener';

interface DialogProps {
  title: string;
  onClose: () => void;
  /** What opened it is about to leave the page, so that the focus cannot stay there. */
  openerLeaves?: boolean;
  children: ReactNode;
}

/** Modal: holds the focus, closes on Esc and on a press outside, gives the focus back. Import it lazily. */
export function Dialog({ title, onClose, openerLeaves = false, children }: DialogProps) {
  const opener = useOpener(openerLeaves);
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-(--veil)" />
        <Base.Popup
          finalFocus={opener}
          data-takes-keys
          className="fixed inset-0 z-40 m-auto h-fit max-h-[calc(100dvh-2rem)] w-[min(34rem,calc(100vw-2rem))] overflow-y-auto rounded-xl border border-line-strong bg-s1 text-fg shadow-(--shadow) outline-none"
        >
          <div className="flex items-center justify-between gap-4 border-b px-5 py-3">
            <Base.Title className="min-w-0 truncate text-lg font-semibold">{title}</Base.Title>
            <Base.Close render={<IconButton label="Close" />}>
              <CloseIcon className="size-4" />
            </Base.Close>
          </div>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
