import type { HostState } from '@boocontrol/contracts';
import { gigabytes } from '../format/number';
import type { Meter } from '../live/meters';
import type { Reading } from '../ui/reading';
import { groupModels, type ModelView } from '../hosts/models';

interface CompactView {
  first: ModelView | null;
  /** Loaded models beside the first. */
  more: number;
  inflight: number;
  /** All GPUs together. */
  vram: Reading;
  vramText: string;
  /** The hottest GPU. */
  tempC: number | null;
}

const never = (): boolean => false;

export function compactView(host: HostState, meter: Meter | undefined): CompactView {
  const { loaded, failed } = groupModels(host, never);
  const shown = [...loaded, ...failed];
  const gpus = meter?.gpus ?? [];
  const used = sum(gpus.map(({ memUsedMb }) => memUsedMb));
  const total = sum(gpus.map(({ memTotalMb }) => memTotalMb));
  const temps = gpus.flatMap(({ tempC }) => (tempC === null ? [] : [tempC]));
  const fraction = used === null || !total ? null : Math.min(1, used / total);
  return {
    first: shown[0] ?? null,
    more: Math.max(0, shown.length - 1),
    inflight: host.inflight?.total ?? 0,
    vram: { value: gigabytes(used), unit: 'GB', fraction, level: 'normal' },
    vramText: `${gigabytes(used)} of ${gigabytes(total)} GB`,
    tempC: temps.length > 0 ? Math.max(...temps) : null,
  };
}

const sum = (values: readonly (number | null)[]): number | null =>
  values.every((value) => value === null)
    ? null
    : values.reduce<number>((total, value) => total + (value ?? 0), 0);
