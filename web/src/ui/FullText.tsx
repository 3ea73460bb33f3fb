'use client';
import { useEffect, useState } from 'react';

interface Told {
  texts: readonly string[];
  /** Of what has the focus, in the window. */
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Rows and items tell all that is cut off in them, not only what has the focus. */
const WHOLE = 'li, tr, [role=row]';

/** What is cut off where the keyboard is, and the reason (data-why) of what has the focus; null: nothing. */
function cutOff(focused: Element | null): Told | null {
  if (!focused?.matches(':focus-visible')) return null;
  const whole = focused.closest(WHOLE) ?? focused;
  const texts = [whole, ...whole.querySelectorAll('.truncate')]
    .filter((each) => each.matches('.truncate') && each.scrollWidth > each.clientWidth)
    .map((each) => each.textContent ?? '');
  const why = focused.getAttribute('data-why');
  if (why !== null) texts.push(why);
  const { left, right, top, bottom } = focused.getBoundingClientRect();
  return texts.length > 0 ? { texts: [...new Set(texts)], left, right, top, bottom } : null;
}

/** A line below, and where there is no room for it above. */
const ROOM_PX = 48;
const MARGIN_PX = 8;

/**
 * For the keyboard what a hint is for the pointer: the full text of what ends in an ellipsis, while it has the focus.
 * Screen readers read the full text anyway.
 */
export function FullText() {
  const [told, setTold] = useState<Told | null>(null);
  // External system: the document's focus, and where on the screen it is.
  useEffect(() => {
    const look = (): void => setTold(cutOff(document.activeElement));
    const hide = (): void => setTold(null);
    const onKey = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') hide();
    };
    const move = (): void => setTold((before) => before && cutOff(document.activeElement));
    document.addEventListener('focusin', look);
    document.addEventListener('focusout', hide);
    document.addEventListener('pointerdown', hide);
    document.addEventListener('keydown', onKey);
    document.addEventListener('scroll', move, { capture: true, passive: true });
    return () => {
      document.removeEventListener('focusin', look);
      document.removeEventListener('focusout', hide);
      document.removeEventListener('pointerdown', hide);
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('scroll', move, { capture: true });
    };
  }, []);
  if (!told) return null;
  const above = told.bottom + ROOM_PX > window.innerHeight;
  const side =
    told.left < window.innerWidth / 2
      ? { left: Math.max(MARGIN_PX, told.left) }
      : { right: Math.max(MARGIN_PX, window.innerWidth - told.right) };
  return (
    <div
      aria-hidden
      data-testid="full-text"
      className={`pointer-events-none fixed z-50 max-w-[calc(100vw-1rem)] rounded-md border border-line-strong bg-s3 px-2 py-1 text-xs [overflow-wrap:anywhere] text-fg shadow-(--shadow) ${above ? '-translate-y-full' : ''}`}
      style={{ ...side, top: above ? told.top - 6 : told.bottom + 6 }}
    >
      {told.texts.map((text) => (
        <p key={text}>{text}</p>
      ))}
    </div>
  );
}
