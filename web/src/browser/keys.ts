/** What takes every key for itself: fields, menus, lists of choices, dialogs and panels that hold the focus. */
const TAKES_ALL =
  'input, select, textarea, [contenteditable=true], [role=menu], [role=listbox], [data-takes-keys]';

/** Whether a key that was pressed anywhere on the page belongs to what has the focus, or is no key for us at all. */
export function isTaken(event: KeyboardEvent): boolean {
  const { target, key } = event;
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return true;
  if (!(target instanceof Element)) return false;
  if (target.closest(TAKES_ALL)) return true;
  if (target.closest('button, a, summary') && (key === 'Enter' || key === ' ')) return true;
  // A drawer leaves the page in use, but scrolls by these.
  return target.closest('[role=dialog]') !== null && /^(Arrow|Page| |Enter|Home|End)/.test(key);
}
