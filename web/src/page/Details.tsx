'use client';
import { lazy, Suspense, type ReactNode } from 'react';
import { StaleNote } from '../live/StaleNote';

const Drawer = lazy(() => import('../ui/Drawer').then((module) => ({ default: module.Drawer })));

interface DetailsProps {
  title: string;
  /** Beside the title. */
  aside?: ReactNode;
  onClose: () => void;
  /** Facts. */
  children: ReactNode;
  /** What follows the facts. */
  below?: ReactNode;
}

/** A drawer with all that is known of one thing, as names and values. */
export function Details({ title, aside, onClose, children, below }: DetailsProps) {
  return (
    <Suspense>
      <Drawer title={title} aside={aside} onClose={onClose}>
        <StaleNote />
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 text-sm">{children}</dl>
        {below}
      </Drawer>
    </Suspense>
  );
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-fg3">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </>
  );
}
