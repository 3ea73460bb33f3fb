'use client';
import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { IconButton } from './controls';
import { CloseIcon } from './icons';
import { useOpener } from './opener';

interface SheetProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** A modal sheet from below, for phones. Import it lazily. */
export function Sheet({ title, onClose, children }: SheetProps) {
  const opener = useOpener();
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-(--veil)" />
        <Base.Popup
          finalFocus={opener}
          data-takes-keys
          className="fixed inset-x-0 bottom-0 z-40 max-h-[85dvh] animate-rise overflow-y-auto rounded-t-xl border-t border-line-strong bg-s1 px-4 pb-[calc(1rem+env(safe-area-inset-bottom))] text-fg shadow-(--shadow) outline-none"
        >
          <div className="sticky top-0 -mx-4 mb-2 flex items-center justify-between bg-s1 px-4 py-2">
            <Base.Title className="text-lg font-semibold">{title}</Base.Title>
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
