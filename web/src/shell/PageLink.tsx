'use client';
import { useRouter } from 'next/navigation';
import type { ComponentProps } from 'react';
import { goWithin } from '../browser/query';

type PageLinkProps = ComponentProps<'a'> & {
  href: string;
  /** Called when the page changes by it. */
  onFollow?: () => void;
};

/** A link within the cockpit: the page changes, the shell and the socket stay. Without what next/link adds for large sites. */
export function PageLink({ href, onFollow, ...rest }: PageLinkProps) {
  const router = useRouter();
  return (
    <a
      href={href}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
        event.preventDefault();
        const to = new URL(href, location.href);
        // The router does not know what a page has put into its own address.
        if (to.pathname !== location.pathname) router.push(href);
        else if (to.href !== location.href) goWithin(href);
        onFollow?.();
      }}
      onPointerEnter={() => router.prefetch(href)}
      {...rest}
    />
  );
}
