'use client';
import { useEffect, useState } from 'react';
import { api } from './client';
import { behind } from './pages';

interface Pages<Row> {
  question: string;
  /** The same while only time goes on. */
  subject: string;
  rows: readonly Row[];
  cursor: string | null;
  error: Error | null;
}

interface Paged<Row> extends Pages<Row> {
  /** Something of this subject has come. */
  isKnown: boolean;
  older: () => void;
  retry: () => void;
}

/**
 * Rows page by page, in the order of the gateway. External system: the gateway.
 * @param question path with its query, without a cursor
 * @param subject what is asked, apart from the time: rows of the same subject stay until newer ones are there
 * @param read the rows of a page
 * @param version with another one the first page is asked for again
 */
export function usePages<Page extends { nextCursor: string | null }, Row>(
  question: string,
  subject: string,
  read: (page: Page) => readonly Row[],
  version = 0,
): Paged<Row> {
  const [known, setKnown] = useState<Pages<Row>>({
    ...{ question: '', subject: '', rows: [], cursor: null, error: null },
  });
  const load = (cursor: string | null, signal?: AbortSignal): Promise<void> =>
    api<Page>(cursor === null ? question : behind(question, cursor), {
      ...(signal ? { signal } : {}),
    }).then(
      (page) =>
        setKnown((before) => ({
          question,
          subject,
          rows: cursor === null ? read(page) : [...before.rows, ...read(page)],
          cursor: page.nextCursor,
          error: null,
        })),
      (error: Error) => {
        if (!signal?.aborted)
          setKnown((before) =>
            before.subject === subject
              ? { ...before, error }
              : { question, subject, rows: [], cursor: null, error },
          );
      },
    );
  useEffect(() => {
    const leave = new AbortController();
    void load(null, leave.signal);
    return () => leave.abort();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- load is made of the question
  }, [question, version]);
  return {
    ...known,
    isKnown: known.subject === subject,
    older: () => {
      if (known.question === question && known.cursor !== null) void load(known.cursor);
    },
    retry: () => void load(null),
  };
}
