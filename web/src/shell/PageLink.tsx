'use client';
import { useRouter } from 'next/navigation';
import type { ComponentProps } from 'react';

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
        router.push(href);
        onFollow?.();
      }}
      onPointerEnter={() => router.prefetch(href)}
      {...rest}
    />
  );
}
