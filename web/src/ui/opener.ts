'use client';
import { useState } from 'react';

/** Where the focus goes when what opened something is no longer in the page: the page's own content. */
const CONTENT = '#content';

/** The button of the menu whose action runs, or ran last. */
let menuButton: HTMLElement | null = null;

/** To be called before the action of a menu runs: the menu goes, so what the action opens belongs to its button. */
export function actsFor(button: HTMLElement | null): void {
  menuButton = button;
}

const content = (): HTMLElement | null => document.querySelector<HTMLElement>(CONTENT);

/** For what has the focus and is about to leave the page, when nothing opened it. */
export const focusContent = (): void => content()?.focus({ preventScroll: true });

function opener(): Element | null {
  const focused = document.activeElement;
  return !focused || focused === document.body || focused.closest('[role=menu]') ? menuButton : focused;
}

/**
 * What opened the calling component, for the dialog's `finalFocus`: it had the focus when that was first rendered, and gets it
 * again when that goes. When it has left the page, or is about to, the page's content gets it: of an element that Tab does not
 * reach the dialog would take the first that Tab does, a field with a list of suggestions, say.
 */
export function useOpener(leaves = false): () => HTMLElement | false {
  const [opened] = useState(() => (typeof document === 'undefined' ? null : opener()));
  return () => {
    if (!leaves && opened instanceof HTMLElement && opened.isConnected) return opened;
    // What a modal dialog hides takes no focus before it is gone.
    queueMicrotask(focusContent);
    return false;
  };
}

const FOCUSABLE = 'button, a[href], summary, input';

/** What is beside an element, beside what holds it, and so on up to the content: the nearest first. */
function neighbours(of: Element): Element[] {
  const found: Element[] = [];
  for (let each = of; each.parentElement && `#${each.id}` !== CONTENT; each = each.parentElement)
    for (const beside of [each.nextElementSibling, each.previousElementSibling])
      if (beside) found.push(beside);
  return found;
}

/**
 * To be called by an action that takes its own button off the page some time later: then the focus goes to the nearest
 * thing that is still there. Until then nothing happens, and moving the focus ends it.
 * @returns ends it: the action failed
 */
export function keepFocusNear(): () => void {
  const from = opener();
  const root = content();
  if (!from || !root?.contains(from)) return () => undefined;
  const beside = neighbours(from);
  const stop = (): void => {
    observer.disconnect();
    document.removeEventListener('focusin', onFocus);
  };
  const onFocus = ({ target }: FocusEvent): void => {
    if (target !== from) stop();
  };
  const observer = new MutationObserver(() => {
    if (from.isConnected) return;
    stop();
    if (document.activeElement !== document.body) return;
    const near = beside.flatMap((each) =>
      each.isConnected ? (each.querySelector<HTMLElement>(FOCUSABLE) ?? []) : [],
    )[0];
    if (near) near.focus();
    else focusContent();
  });
  observer.observe(root, { childList: true, subtree: true });
  document.addEventListener('focusin', onFocus);
  return stop;
}
