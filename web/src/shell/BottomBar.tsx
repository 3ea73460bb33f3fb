'use client';
import { lazy, Suspense, useState } from 'react';
import { MenuIcon } from '../ui/icons';
import { PageLink } from './PageLink';
import { inBar, isHere, PAGES } from './pages';

const MoreSheet = lazy(() => import('./MoreSheet'));

const ITEM = 'flex flex-1 flex-col items-center gap-0.5 rounded-md py-2 text-2xs';

/** The pages on a phone: the first five, and a sheet for the rest. */
export function BottomBar({ path }: { path: string }) {
  const [open, setOpen] = useState(false);
  const shown = inBar(PAGES);
  const elsewhere = !shown.some(({ href }) => isHere(path, href));
  return (
    <nav
      aria-label="Pages"
      className="order-last flex shrink-0 border-t bg-s1 pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {shown.map(({ href, name, Icon }) => {
        const here = isHere(path, href);
        return (
          <PageLink
            key={href}
            href={href}
            aria-current={here ? 'page' : undefined}
            className={`${ITEM} ${here ? 'text-accent' : 'text-fg2'}`}
          >
            <Icon className="size-5 shrink-0" />
            {name}
          </PageLink>
        );
      })}
      <button
        type="button"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(true)}
        className={`${ITEM} ${elsewhere ? 'text-accent' : 'text-fg2'}`}
      >
        <MenuIcon className="size-5 shrink-0" />
        More
      </button>
      {open && (
        <Suspense>
          <MoreSheet path={path} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </nav>
  );
}
