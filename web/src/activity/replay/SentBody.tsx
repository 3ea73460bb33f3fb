'use client';
import { lazy, Suspense, useState } from 'react';
import { Button } from '../../ui/controls';

const Code = lazy(() => import('../../texts/Code').then((module) => ({ default: module.Code })));

interface SentBodyProps {
  path: string;
  bodyFor: (model: string) => string;
  /** The first that it goes to. */
  model: string;
}

/** What will be sent, to the letter, on demand. */
export function SentBody({ path, bodyFor, model }: SentBodyProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? 'Hide what is sent' : 'Show what is sent'}
      </Button>
      {isOpen && (
        <div className="basis-full">
          <p className="mb-1 font-mono text-xs text-fg2">POST {path}</p>
          <Suspense>
            <Code text={bodyFor(model)} />
          </Suspense>
        </div>
      )}
    </>
  );
}
