import type { Metadata } from 'next';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <main className="grid h-dvh place-items-center p-4 text-center">
      <div>
        <h1 className="text-xl font-semibold">There&apos;s nothing at this address</h1>
        <p className="mt-2 text-fg2">Go to the fleet or to its activity instead.</p>
        <p className="mt-4 flex justify-center gap-4">
          <a href="/" className="text-accent hover:underline pointer-coarse:px-3 pointer-coarse:py-2.5">
            Fleet
          </a>
          <a
            href="/activity/"
            className="text-accent hover:underline pointer-coarse:px-3 pointer-coarse:py-2.5"
          >
            Activity
          </a>
        </p>
      </div>
    </main>
  );
}
