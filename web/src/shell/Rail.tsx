'use client';
import { ActivityIcon, FleetIcon, FoldIcon, MoonIcon, SunIcon, SystemIcon, UnfoldIcon } from '../ui/icons';

import { usePathname } from 'next/navigation';
import { useSyncExternalStore } from 'react';
import { theme, type ThemeChoice } from '../browser/theme';
import { PageLink } from './PageLink';
import { railFolded } from './rail-state';

const PAGES = [
  { href: '/', name: 'Fleet', Icon: FleetIcon },
  { href: '/activity/', name: 'Activity', Icon: ActivityIcon },
] as const;

export function Rail() {
  const path = usePathname();
  const folded = useSyncExternalStore(railFolded.subscribe, railFolded.get, () => false);
  const words = folded ? 'md:hidden' : '';
  return (
    <nav
      aria-label="Pages"
      className={`order-last flex shrink-0 border-t bg-s1 pb-[env(safe-area-inset-bottom)] md:order-first md:flex-col md:border-t-0 md:border-r md:p-2 ${folded ? 'md:w-14' : 'md:w-44'}`}
    >
      <p className={`hidden h-12 items-center gap-2.5 px-2 font-semibold tracking-tight md:flex`}>
        <Logo />
        <span className={words}>BooControl</span>
      </p>
      {PAGES.map(({ href, name, Icon }) => {
        const here = path === href || `${path}/` === href;
        return (
          <PageLink
            key={href}
            href={href}
            aria-current={here ? 'page' : undefined}
            title={folded ? name : undefined}
            className={`flex flex-1 flex-col items-center gap-0.5 rounded-md py-2 text-2xs md:flex-none md:flex-row md:gap-3 md:px-2.5 md:text-sm ${here ? 'text-accent md:bg-s3' : 'text-fg2 hover:bg-s2 hover:text-fg'}`}
          >
            <Icon className="size-5 shrink-0 md:size-4.5" aria-hidden />
            <span className={words}>{name}</span>
          </PageLink>
        );
      })}
      <div className={`flex items-center gap-1 max-md:px-2 md:mt-auto ${folded ? 'md:flex-col' : ''}`}>
        <ThemeSwitch />
        <button
          type="button"
          onClick={() => railFolded.toggle()}
          aria-label={folded ? 'Show names in the rail' : 'Fold the rail to icons'}
          title={folded ? 'Show names' : 'Fold to icons'}
          className="hidden size-9 place-items-center rounded-md text-fg3 hover:bg-s3 hover:text-fg md:grid"
        >
          {folded ? <UnfoldIcon className="size-4" /> : <FoldIcon className="size-4" />}
        </button>
      </div>
    </nav>
  );
}

const NEXT: Record<ThemeChoice, ThemeChoice> = { system: 'dark', dark: 'light', light: 'system' };
const THEME_ICON = { system: SystemIcon, dark: MoonIcon, light: SunIcon } as const;

function ThemeSwitch() {
  const choice = useSyncExternalStore(theme.subscribe, theme.get, () => 'system' as const);
  const Icon = THEME_ICON[choice];
  const label = `Theme: ${choice}. Switch to ${NEXT[choice]}`;
  return (
    <button
      type="button"
      onClick={() => theme.choose(NEXT[choice])}
      aria-label={label}
      title={label}
      className="grid size-9 place-items-center rounded-md text-fg3 hover:bg-s3 hover:text-fg"
    >
      <Icon className="size-4" />
    </button>
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
