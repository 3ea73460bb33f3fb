'use client';
import { useMemo, useState } from 'react';
import { keep, kept } from '../browser/kept';
import { theme } from '../browser/theme';
import { useLive, useMarks } from '../live';
import { Badges } from '../models/ModelBadges';
import { useBadges } from '../models/use-badges';
import { Palette, type Praise } from '../ui/Palette';
import { overlay } from './overlay';
import { PAGES } from './pages';
import { paletteGroups, type Entry } from './palette';
import { RAIL_KEY } from './Rail';

const COMMANDS: readonly Entry[] = [
  ...(['dark', 'light', 'system'] as const).map((choice): Entry => ({
    key: `theme ${choice}`,
    label: `Theme: ${choice}`,
    does: { run: () => theme.choose(choice) },
  })),
  {
    key: 'rail',
    label: 'Fold or unfold the rail',
    does: { run: () => keep(RAIL_KEY, kept(RAIL_KEY) === 'folded' ? 'open' : 'folded') },
  },
  { key: 'keys', label: 'Keyboard shortcuts', hint: '?', does: { run: () => overlay.show('keys') } },
];

interface CommandPaletteProps {
  onClose: () => void;
  /** Closes it first, so that the focus is back before anything else opens. */
  onChoose: (entry: Entry) => void;
}

/** Hosts, models, pages and commands by their names. */
export default function CommandPalette({ onClose, onChoose }: CommandPaletteProps) {
  const [typed, setTyped] = useState('');
  const providers = useLive((state) => state.providers);
  const hosts = useLive(({ fleet }) => fleet?.hosts);
  const marks = useMarks();
  const groups = useMemo(
    () => paletteGroups({ pages: PAGES, providers, hosts: hosts ?? {}, marks, commands: COMMANDS }, typed),
    [providers, hosts, marks, typed],
  );
  const badges = useBadges();
  const praise = ({ places }: Entry): Praise | null => {
    const found = places ? badges(places) : [];
    if (found.length === 0) return null;
    return {
      marks: <Badges badges={found} focusable={false} />,
      why: found.map(({ why }) => why).join(' '),
    };
  };
  return (
    <Palette
      praise={praise}
      label="Command palette"
      placeholder="Find a host, model, page or command"
      typed={typed}
      onType={setTyped}
      groups={groups}
      onChoose={onChoose}
      onClose={onClose}
    />
  );
}
