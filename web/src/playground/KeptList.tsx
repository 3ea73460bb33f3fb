'use client';
import { IconButton } from '../ui/controls';
import { CloseIcon } from '../ui/icons';
import { Popover } from '../ui/Popover';
import { Ago } from '../live/Ago';
import type { Head } from './sheets';

interface KeptListProps {
  heads: readonly Head[];
  /** Of the one that is open. */
  opened: string;
  /** false: this browser keeps nothing. */
  isKept: boolean;
  onOpen: (id: string) => void;
  onRemove: (id: string) => void;
}

/** Conversations of before, which this browser keeps. */
export function KeptList({ heads, opened, isKept, onOpen, onRemove }: KeptListProps) {
  return (
    <Popover label="Conversations" align="end" button="Conversations">
      {(close) => (
        <div className="w-84 max-w-[calc(100vw-1rem)] p-1 text-sm">
          {!isKept && (
            <p className="p-2 text-xs text-fg2">
              This browser keeps nothing for pages: conversations end with the page.
            </p>
          )}
          {isKept && heads.length === 0 && (
            <p className="p-2 text-xs text-fg2">None yet. They are kept in this browser and nowhere else.</p>
          )}
          <ul aria-label="Conversations">
            {heads.map(({ id, title, atMs, panes }) => (
              <li key={id} className="flex items-center gap-1">
                <button
                  type="button"
                  aria-current={id === opened ? 'true' : undefined}
                  onClick={() => {
                    onOpen(id);
                    close();
                  }}
                  className="min-w-0 flex-1 rounded-md px-2 py-1 text-left hover:bg-s3 aria-[current]:bg-s3 pointer-coarse:py-2"
                >
                  <span className="block truncate">{title}</span>
                  <span className="block text-2xs text-fg3">
                    <Ago atMs={atMs} />
                    {panes > 1 && `, ${panes} panes`}
                  </span>
                </button>
                <IconButton label={`Delete ${title}`} onClick={() => onRemove(id)}>
                  <CloseIcon className="size-3.5" />
                </IconButton>
              </li>
            ))}
          </ul>
          {heads.length > 0 && (
            <p className="border-t px-2 pt-2 pb-1 text-2xs text-fg3">
              Kept in this browser and nowhere else.
            </p>
          )}
        </div>
      )}
    </Popover>
  );
}
