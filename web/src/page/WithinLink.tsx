'use client';
import type { ComponentProps } from 'react';
import { goWithin } from '../browser/query';

/** A link to another view of this page: the address changes, the page and its script stay. */
export function WithinLink({ href, ...rest }: ComponentProps<'a'> & { href: string }) {
  return (
    <a
      href={href}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
        event.preventDefault();
        goWithin(href);
      }}
      {...rest}
    />
  );
}
