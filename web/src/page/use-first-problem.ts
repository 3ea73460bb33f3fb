'use client';
import { useEffect, useRef, type RefObject } from 'react';

/** External system: the document's focus, which goes to the first field of a form that is wrong. */
export function useFirstProblem(
  problems: Readonly<Record<string, string | undefined>>,
): RefObject<HTMLFormElement | null> {
  const fields = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (
      Object.values(problems).some(Boolean) &&
      !fields.current?.contains(document.activeElement?.closest('input') ?? null)
    )
      fields.current?.querySelector<HTMLInputElement>('[aria-invalid=true]')?.focus();
  }, [problems]);
  return fields;
}
