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
 * What opened the calling component: it had the focus when that was first rendered, and gets it again when that goes.
 * Gives the page's content when it has left the page, or is about to.
 */
export function useOpener(leaves = false): () => HTMLElement | null {
  const [opened] = useState(() => (typeof document === 'undefined' ? null : opener()));
  return () => (!leaves && opened instanceof HTMLElement && opened.isConnected ? opened : content());
}
