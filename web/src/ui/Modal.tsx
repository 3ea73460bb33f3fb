'use client';
import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode } from 'react';
import { IconButton } from './controls';
import { CloseIcon } from './icons';
import { useOpener } from './opener';

interface ModalProps {
  /** Where it lies and how large it is. */
  className: string;
  /** Its name, where no ModalTitle says it. */
  label?: string;
  onClose: () => void;
  openerLeaves?: boolean | undefined;
  children: ReactNode;
}

/** Over the whole page: holds the focus, closes on Esc and on a press outside, gives the focus back. Import it lazily. */
export function Modal({ className, label, onClose, openerLeaves, children }: ModalProps) {
  const opener = useOpener(openerLeaves);
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-(--veil)" />
        <Base.Popup
          aria-label={label}
          finalFocus={opener}
          data-takes-keys
          className={`fixed z-40 border-line-strong bg-s1 text-fg shadow-(--shadow) outline-none ${className}`}
        >
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** The title, and the button that closes. */
export function ModalTitle({ className, title }: { className: string; title: string }) {
  return (
    <div className={`flex items-center justify-between ${className}`}>
      <Base.Title
        title={title}
        className="line-clamp-2 min-w-0 text-lg font-semibold [overflow-wrap:anywhere]"
      >
        {title}
      </Base.Title>
      <Base.Close render={<IconButton label="Close" />}>
        <CloseIcon className="size-4" />
      </Base.Close>
    </div>
  );
}
