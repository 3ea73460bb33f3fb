'use client';
import type { ReactNode } from 'react';
import { Modal, ModalTitle } from './Modal';

interface SheetProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** A sheet from below, for phones. Import it lazily. */
export function Sheet({ title, onClose, children }: SheetProps) {
  return (
    <Modal
      onClose={onClose}
      className="inset-x-0 bottom-0 max-h-[85dvh] animate-rise overflow-y-auto rounded-t-xl border-t px-4 pb-[calc(1rem+env(safe-area-inset-bottom))]"
    >
      <ModalTitle title={title} className="sticky top-0 -mx-4 mb-2 bg-s1 px-4 py-2" />
      {children}
    </Modal>
  );
}
