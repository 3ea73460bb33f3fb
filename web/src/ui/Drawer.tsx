'use client';
import { Dialog as Base } from '@base-ui/react/dialog';
import { useRef, type ReactNode } from 'react';
import { IconButton } from './controls';
import { CloseIcon } from './icons';
import { useOpener } from './opener';

interface DrawerProps {
  title: string;
  /** Beside the title. */
  aside?: ReactNode;
  onClose: () => void;
  /** For two things side by side. */
  wide?: boolean;
  /** It may be long and hold nothing that takes the focus: then it takes it itself, to be scrolled by keys. */
  isText?: boolean;
  /** Buttons that stay where they are, whatever is above them. */
  footer?: ReactNode;
  children: ReactNode;
}

/** A sheet at the right that leaves the page behind it in use. Takes the focus, closes on Esc, gives the focus back. Import it lazily. */
export function Drawer({
  title,
  aside,
  onClose,
  wide = false,
  isText = false,
  footer,
  children,
}: DrawerProps) {
  const opener = useOpener();
  const sheet = useRef<HTMLDivElement>(null);
  return (
    <Base.Root
      open
      modal={false}
      disablePointerDismissal
      onOpenChange={(open, { event, cancel }) => {
        // Esc that a field of the page has used for itself.
        if (event.defaultPrevented) cancel();
        else if (!open) onClose();
      }}
    >
      <Base.Portal>
        <Base.Popup
          ref={sheet}
          initialFocus={sheet}
          finalFocus={opener}
          className={`fixed inset-y-0 right-0 z-30 flex w-full animate-slide-in flex-col border-l border-line-strong bg-s1 shadow-(--shadow) outline-none ${wide ? 'sm:w-[min(80rem,94vw)]' : 'sm:w-[min(46rem,92vw)]'}`}
        >
          <div className="flex items-center gap-3 border-b px-5 py-3">
            <Base.Title className="min-w-0 truncate text-lg font-semibold">{title}</Base.Title>
            <div className="flex min-w-0 flex-1 items-center gap-2 max-sm:flex-[1_0_auto]">{aside}</div>
            <Base.Close render={<IconButton label="Close" />}>
              <CloseIcon className="size-4" />
            </Base.Close>
          </div>
          <div
            {...(isText ? { tabIndex: 0 } : {})}
            className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-5 py-4"
          >
            {children}
          </div>
          {footer && <div className="flex flex-wrap justify-end gap-2 border-t px-5 py-3">{footer}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
