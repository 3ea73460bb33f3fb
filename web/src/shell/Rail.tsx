'use client';
import { useKeptChoice } from '../browser/kept';
import { FoldIcon, UnfoldIcon } from '../ui/icons';
import { PageLink } from './PageLink';
import { grouped, isHere, PAGES } from './pages';
import { ThemeSwitch } from './ThemeSwitch';

/** Under which this browser keeps whether the rail is folded. */
export const RAIL_KEY = 'boo-rail';

/** The pages at the left, in groups; folds to icons. */
export function Rail({ path }: { path: string }) {
  const [choice, choose] = useKeptChoice(RAIL_KEY);
  const folded = choice === 'folded';
  const words = folded ? 'hidden' : '';
  return (
    <nav
      aria-label="Pages"
      className={`hidden shrink-0 flex-col overflow-y-auto border-r bg-s1 p-2 md:flex ${folded ? 'w-14' : 'w-44'}`}
    >
      <p className="flex h-12 shrink-0 items-center gap-2.5 px-2 font-semibold tracking-tight">
        <Logo />
        <span className={words}>BooControl</span>
      </p>
      {grouped(PAGES).map(({ group, pages }) => (
        <div key={group} className="mb-3">
          {folded ? (
            <hr className="mx-2 mt-1 mb-2" />
          ) : (
            <p aria-hidden className="eyebrow px-2.5 pb-1">
              {group}
            </p>
          )}
          <ul aria-label={group}>
            {pages.map(({ href, name, Icon }) => {
              const here = isHere(path, href);
              return (
                <li key={href}>
                  <PageLink
                    href={href}
                    aria-current={here ? 'page' : undefined}
                    aria-label={name}
                    title={folded ? name : undefined}
                    className={`flex h-9 pointer-coarse:h-10 items-center gap-3 rounded-md px-2.5 text-sm ${here ? 'bg-s3 text-accent' : 'text-fg2 hover:bg-s2 hover:text-fg'}`}
                  >
                    <Icon className="size-4.5 shrink-0" />
                    <span className={words}>{name}</span>
                  </PageLink>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
      <div className={`mt-auto flex items-center gap-1 ${folded ? 'flex-col' : ''}`}>
        <ThemeSwitch />
        <button
          type="button"
          onClick={() => choose(folded ? 'open' : 'folded')}
          aria-label={folded ? 'Show names in the rail' : 'Fold the rail to icons'}
          title={folded ? 'Show names' : 'Fold to icons'}
          className="grid size-9 pointer-coarse:size-10 place-items-center rounded-md text-fg3 hover:bg-s3 hover:text-fg"
        >
          {folded ? <UnfoldIcon className="size-4" /> : <FoldIcon className="size-4" />}
        </button>
      </div>
    </nav>
  );
}

function Logo() {
  return (
    <svg viewBox="0 0 24 24" className="size-5.5 shrink-0 text-accent" aria-hidden>
      <path
        d="M4 21V11a8 8 0 0 1 16 0v10l-2.7-2-2.6 2-2.7-2-2.7 2-2.6-2Z"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinejoin="round"
      />
      <path d="M9 10.5v2M15 10.5v2" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" />
    </svg>
  );
}
