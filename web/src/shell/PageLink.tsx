'use client';
import { useRouter } from 'next/navigation';
import type { ComponentProps } from 'react';

/** A link within the cockpit: the page changes, the shell and the socket stay. Without what next/link adds for large sites. */
export function PageLink({ href, ...rest }: ComponentProps<'a'> & { href: string }) {
  const router = useRouter();
  return (
    <a
      href={href}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
        event.preventDefault();
        router.push(href);
      }}
      onPointerEnter={() => router.prefetch(href)}
      {...rest}
    />
  );
}
