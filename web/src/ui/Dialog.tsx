'use client';
import type { ReactNode } from 'react';
import { Modal, ModalTitle } from './Modal';

interface DialogProps {
  title: string;
  onClose: () => void;
  /** What opened it is about to leave the page, so that the focus cannot stay there. */
  openerLeaves?: boolean;
  children: ReactNode;
}

/** A window in the middle of the page. Import it lazily. */
export function Dialog({ title, onClose, openerLeaves, children }: DialogProps) {
  return (
    <Modal
      onClose={onClose}
      openerLeaves={openerLeaves}
      className="inset-0 m-auto h-fit max-h-[calc(100dvh-2rem)] w-[min(34rem,calc(100vw-2rem))] overflow-y-auto rounded-xl border"
    >
      <ModalTitle title={title} className="gap-4 border-b px-5 py-3" />
      {children}
    </Modal>
  );
}
