'use client';
import { Popover as Base } from '@base-ui/react/popover';
import type { ReactNode, RefObject } from 'react';

interface PopoverPanelProps {
  label: string;
  anchor: RefObject<HTMLElement | null>;
  align: 'start' | 'end';
  onClose: () => void;
  children: ReactNode;
}

/** Takes the focus, closes on Esc and on a press elsewhere, gives the focus back to the button. */
export default function PopoverPanel({ label, anchor, align, onClose, children }: PopoverPanelProps) {
  return (
    <Base.Root
      open
      onOpenChange={(open, { reason, event, cancel }) => {
        // A press on the button belongs to the button, which would open it again.
        if (reason === 'outside-press' && anchor.current?.contains(event.target as Node)) cancel();
        else if (!open) onClose();
      }}
    >
      <Base.Portal>
        <Base.Positioner anchor={anchor} align={align} sideOffset={4} collisionPadding={8} className="z-50">
          <Base.Popup
            aria-label={label}
            finalFocus={anchor}
            data-takes-keys
            className="max-h-(--available-height) max-w-(--available-width) overflow-y-auto rounded-lg border border-line-strong bg-s2 p-1 text-fg shadow-(--shadow) outline-none"
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
