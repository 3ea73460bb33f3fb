'use client';
import { DownloadIcon } from '../ui/icons';
import { Popover } from '../ui/Popover';

interface ExportButtonProps {
  formats: readonly { href: string; text: string }[];
}

/** The same as files. */
export function ExportButton({ formats }: ExportButtonProps) {
  return (
    <Popover
      label="Export"
      // On a phone its sign alone: beside it stands the name of the page.
      button={
        <>
          <DownloadIcon className="size-4 sm:hidden" />
          <span className="max-sm:sr-only">Export</span>
        </>
      }
      align="end"
    >
      {(close) => (
        <ul className="w-56">
          {formats.map(({ href, text }) => (
            <li key={href}>
              <a
                href={href}
                download
                onClick={close}
                className="flex h-8 items-center rounded px-3 text-sm hover:bg-s3 pointer-coarse:h-10"
              >
                {text}
              </a>
            </li>
          ))}
        </ul>
      )}
    </Popover>
  );
}
