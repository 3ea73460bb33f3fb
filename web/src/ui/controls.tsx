import type { ComponentProps, ReactNode } from 'react';

type ButtonProps = ComponentProps<'button'> & {
  look?: 'plain' | 'primary' | 'danger' | 'quiet';
};

const LOOK = {
  plain: 'border border-line-strong bg-s2 text-fg hover:bg-s3',
  primary: 'bg-accent text-on-accent font-medium hover:brightness-110',
  danger: 'border border-error/60 text-error hover:bg-error/12',
  quiet: 'text-fg2 hover:bg-s3 hover:text-fg',
} as const;

export function Button({ look = 'plain', className = '', type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={`inline-flex h-8 pointer-coarse:h-10 items-center justify-center gap-2 rounded-md px-3 text-sm whitespace-nowrap disabled:opacity-50 ${LOOK[look]} ${className}`}
      {...rest}
    />
  );
}

/** `label` is its accessible name and its hint. */
export function IconButton({
  label,
  className = '',
  type = 'button',
  ...rest
}: ButtonProps & { label: string }) {
  return (
    <button
      type={type}
      aria-label={label}
      title={label}
      className={`grid size-8 pointer-coarse:size-10 shrink-0 place-items-center rounded-md text-fg2 hover:bg-s3 hover:text-fg ${className}`}
      {...rest}
    />
  );
}

/** What happened, what to do about it, and the button that does it. */
export function Notice({
  title,
  children,
  action,
}: {
  title: string;
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="mx-auto flex max-w-lg flex-col items-center gap-3 px-4 py-16 text-center">
      <h2 className="text-lg font-semibold">{title}</h2>
      <div className="text-fg2">{children}</div>
      {action && <div className="mt-2">{action}</div>}
    </div>
  );
}

/** Shown only when something takes longer than a second; says what is awaited. */
export function Awaiting({ children }: { children: ReactNode }) {
  return (
    <p role="status" className="animate-[pulse-late_300ms_1s_backwards] py-16 text-center text-fg2">
      {children}
    </p>
  );
}
