import { forwardRef, type ComponentProps } from 'react';

interface TableContext {
  /** The pointer came over the rows, or left them. */
  onPointed: (pointed: boolean) => void;
}

/** The scroller and the list within it are one group of rows. */
const Scroller = forwardRef<HTMLDivElement, ComponentProps<'div'> & { context?: TableContext }>(
  ({ context, ...props }, ref) => (
    <div
      {...props}
      ref={ref}
      role="rowgroup"
      tabIndex={-1}
      onPointerEnter={() => context?.onPointed(true)}
      onPointerLeave={() => context?.onPointed(false)}
      className="[scrollbar-gutter:stable]"
    />
  ),
);
Scroller.displayName = 'Scroller';

export const TABLE_PARTS = { Scroller };
