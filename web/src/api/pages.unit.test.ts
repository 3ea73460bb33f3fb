import { afterEach, expect, it, vi } from 'vitest';
import { ApiError } from './client';
import { allPages } from './pages';

interface Numbers {
  numbers: number[];
  nextCursor?: string | null;
}
const numbersOf = ({ numbers }: Numbers): number[] => numbers;

const asked: string[] = [];
function answering(answer: (page: number) => Response): void {
  vi.stubGlobal('fetch', (path: string) => Promise.resolve(answer(asked.push(path) - 1)));
}
afterEach(() => {
  vi.unstubAllGlobals();
  asked.length = 0;
});

it('follows the cursors to the last page, and joins the rows', async () => {
  const pages: Numbers[] = [
    { numbers: [1, 2], nextCursor: 'a+b' },
    { numbers: [3], nextCursor: 'c' },
    { numbers: [], nextCursor: null },
  ];
  answering((page) => Response.json(pages[page]));
  expect(await allPages('/gaps?from=x', numbersOf)).toEqual({ rows: [1, 2, 3], complete: true });
  expect(asked).toEqual(['/api/gaps?from=x', '/api/gaps?from=x&cursor=a%2Bb', '/api/gaps?from=x&cursor=c']);
});

it('takes an answer without a cursor for all there is', async () => {
  answering(() => Response.json({ numbers: [1] }));
  expect(await allPages('/gaps', numbersOf)).toEqual({ rows: [1], complete: true });
});

it('says that there is more when it stops before the last page', async () => {
  answering((page) => Response.json({ numbers: [page], nextCursor: `${page}` }));
  expect(await allPages('/gaps', numbersOf)).toEqual({
    rows: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    complete: false,
  });
  expect(asked.at(-1)).toBe('/api/gaps?cursor=8');
});

it('has nothing when a page does not come', async () => {
  answering((page) =>
    page === 0 ? Response.json({ numbers: [1], nextCursor: 'a' }) : new Response('', { status: 503 }),
  );
  await expect(allPages('/gaps', numbersOf)).rejects.toBeInstanceOf(ApiError);
});
