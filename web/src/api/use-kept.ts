'use client';
import { useState } from 'react';
import type { Resource } from './resource';

/** While the next step of the same question is on its way, the answer before it stays on the page. */
export function useKept<T>(resource: Resource<T>, question: string): Resource<T> {
  const [kept, setKept] = useState<{ question: string; data: T | null }>({ question, data: null });
  if (kept.question !== question) setKept({ question, data: resource.data });
  else if (resource.data && resource.data !== kept.data) setKept({ question, data: resource.data });
  return { ...resource, data: resource.data ?? (kept.question === question ? kept.data : null) };
}
