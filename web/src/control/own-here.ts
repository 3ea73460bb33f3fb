'use client';
import { live } from '../live';
import { tell } from '../ui/notices';
import { createOwnActions } from './own';
import { hostName } from './names';
import { endingWords } from './words';

const KEY = 'boo-own-actions';

/** Of this tab; it is asked for lazily, because there is no storage while the page is made ahead of time. */
let made: ReturnType<typeof createOwnActions> | null = null;

export const ownActions = (): ReturnType<typeof createOwnActions> =>
  (made ??= createOwnActions({
    memory: {
      read: () => stored(() => sessionStorage.getItem(KEY)),
      write: (text) => stored(() => sessionStorage.setItem(KEY, text)),
    },
    actions: () => live.get().actions,
    tell: (action) => {
      const { text, failed } = endingWords(action, hostName(action.providerId));
      tell(text, failed);
    },
  }));

/** A browser that refuses its storage forgets them at a reload. */
function stored<T>(act: () => T): T | null {
  try {
    return act();
  } catch {
    return null;
  }
}
