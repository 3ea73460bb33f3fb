'use client';
import { useSyncExternalStore } from 'react';
import { theme, type ThemeChoice } from '../browser/theme';
import { MoonIcon, SunIcon, SystemIcon } from '../ui/icons';

const NEXT: Record<ThemeChoice, ThemeChoice> = { system: 'dark', dark: 'light', light: 'system' };
const THEME_ICON = { system: SystemIcon, dark: MoonIcon, light: SunIcon } as const;

const useTheme = (): ThemeChoice => useSyncExternalStore(theme.subscribe, theme.get, () => 'system' as const);

/** One button that goes round: system, dark, light. */
export function ThemeSwitch() {
  const choice = useTheme();
  const Icon = THEME_ICON[choice];
  const label = `Theme: ${choice}. Switch to ${NEXT[choice]}`;
  return (
    <button
      type="button"
      onClick={() => theme.choose(NEXT[choice])}
      aria-label={label}
      title={label}
      className="grid size-9 pointer-coarse:size-10 place-items-center rounded-md text-fg3 hover:bg-s3 hover:text-fg"
    >
      <Icon className="size-4" />
    </button>
  );
}

const CHOICES = ['system', 'dark', 'light'] as const;

/** The three side by side, with words. */
export function ThemeChoices() {
  const chosen = useTheme();
  return (
    <div role="group" aria-label="Theme" className="flex gap-1 rounded-md border border-line-strong p-0.5">
      {CHOICES.map((choice) => {
        const Icon = THEME_ICON[choice];
        return (
          <button
            key={choice}
            type="button"
            aria-pressed={choice === chosen}
            onClick={() => theme.choose(choice)}
            className={`flex h-9 pointer-coarse:h-10 flex-1 items-center justify-center gap-2 rounded text-sm capitalize ${choice === chosen ? 'bg-s3 text-fg' : 'text-fg2'}`}
          >
            <Icon className="size-4" />
            {choice}
          </button>
        );
      })}
    </div>
  );
}
