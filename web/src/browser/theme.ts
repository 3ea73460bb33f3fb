/**
 * The switch overrules the system's preference; the script in the page's head applies it before the first paint. Paper is
 * light.
 */
export type ThemeChoice = 'system' | 'dark' | 'light';

const THEME_KEY = 'boo-theme';
export const THEME_SCRIPT = `(()=>{let c=null;try{c=localStorage.getItem('${THEME_KEY}')}catch{}const m=matchMedia('(prefers-color-scheme: light)'),d=document.documentElement;const s=()=>{d.dataset.theme=(d.dataset.choice||'system')==='system'?(m.matches?'light':'dark'):d.dataset.choice};d.dataset.choice=c==='dark'||c==='light'?c:'system';s();m.addEventListener('change',s);addEventListener('beforeprint',()=>{d.dataset.theme='light'});addEventListener('afterprint',s)})()`;

const listeners = new Set<() => void>();

export const theme = {
  get: (): ThemeChoice => (document.documentElement.dataset['choice'] as ThemeChoice | undefined) ?? 'system',
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  choose(choice: ThemeChoice): void {
    const root = document.documentElement.dataset;
    root['choice'] = choice;
    const light = matchMedia('(prefers-color-scheme: light)').matches;
    root['theme'] = choice === 'system' ? (light ? 'light' : 'dark') : choice;
    if (choice === 'system') localStorage.removeItem(THEME_KEY);
    else localStorage.setItem(THEME_KEY, choice);
    for (const listener of listeners) listener();
  },
};
