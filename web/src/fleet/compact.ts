import type { HostState, PublicProvider } from '@boocontrol/contracts';
import { gigabytes, NONE } from '../format/number';
import type { Marks } from '../live/marks';
import type { Meter } from '../live/meters';
import type { Reading } from '../ui/reading';
import { groupModels, type ModelView } from '../hosts/models';
import { isHost, serviceView } from '../hosts/service';

interface CompactView {
  first: ModelView | null;
  /** Loaded models beside the first. */
  more: number;
  /** Where there is no first. */
  noneText: string;
  /** null: it does not tell. */
  inflight: number | null;
  /** All GPUs together. */
  vram: Reading;
  vramText: string;
  /** The hottest GPU. */
  tempC: number | null;
}

export function compactView(
  provider: PublicProvider,
  host: HostState,
  meter: Meter | undefined,
  marks: Marks,
): CompactView {
  if (!isHost(provider)) return { ...NOTHING, noneText: serviceView(provider, host).models };
  const { loaded, failed, hidden } = groupModels(host, marks);
  const shown = [...loaded, ...failed];
  const gpus = meter?.gpus ?? [];
  const used = sum(gpus.map(({ memUsedMb }) => memUsedMb));
  const total = sum(gpus.map(({ memTotalMb }) => memTotalMb));
  const temps = gpus.flatMap(({ tempC }) => (tempC === null ? [] : [tempC]));
  const fraction = used === null || !total ? null : Math.min(1, used / total);
  return {
    first: shown[0] ?? null,
    more: Math.max(0, shown.length - 1),
    noneText: hidden.some((view) => view.loaded) ? 'only hidden models loaded' : 'no model loaded',
    inflight: host.inflight?.total ?? 0,
    vram: { value: gigabytes(used), unit: 'GB', fraction, level: 'normal' },
    vramText: `${gigabytes(used)} of ${gigabytes(total)} GB`,
    tempC: temps.length > 0 ? Math.max(...temps) : null,
  };
}

const NOTHING: Omit<CompactView, 'noneText'> = {
  first: null,
  more: 0,
  inflight: null,
  vram: { value: NONE, unit: 'GB', fraction: null, level: 'normal' },
  vramText: NONE,
  tempC: null,
};

const sum = (values: readonly (number | null)[]): number | null =>
  values.every((value) => value === null)
    ? null
    : values.reduce<number>((total, value) => total + (value ?? 0), 0);
