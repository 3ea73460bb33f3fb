'use client';
import { SearchIcon } from '../ui/icons';
import { Sheet } from '../ui/Sheet';
import { overlay } from './overlay';
import { PageLink } from './PageLink';
import { grouped, inBar, isHere, PAGES } from './pages';
import { ThemeChoices } from './ThemeSwitch';

/** What the bottom bar has no room for: the other pages in their groups, and the theme. */
export default function MoreSheet({ path, onClose }: { path: string; onClose: () => void }) {
  const rest = PAGES.filter((page) => !inBar(PAGES).includes(page));
  return (
    <Sheet title="More" onClose={onClose}>
      {grouped(rest).map(({ group, pages }) => (
        <div key={group} className="mb-4">
          <h3 className="eyebrow mb-1">{group}</h3>
          <ul aria-label={group}>
            {pages.map(({ href, name, Icon }) => (
              <li key={href}>
                <PageLink
                  href={href}
                  onFollow={onClose}
                  aria-current={isHere(path, href) ? 'page' : undefined}
                  className="flex h-11 items-center gap-3 rounded-md px-2 aria-[current]:text-accent"
                >
                  <Icon className="size-5" />
                  {name}
                </PageLink>
              </li>
            ))}
          </ul>
        </div>
      ))}
      <button
        type="button"
        onClick={() => {
          onClose();
          overlay.show('palette');
        }}
        className="mb-4 flex h-11 w-full items-center gap-3 rounded-md border border-line-strong px-3 text-fg2"
      >
        <SearchIcon className="size-5" />
        Find a host, a model or a command
      </button>
      <h3 className="eyebrow mb-1">Theme</h3>
      <ThemeChoices />
    </Sheet>
  );
}
