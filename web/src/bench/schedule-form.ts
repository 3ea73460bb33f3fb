import type { BenchSchedule, BenchScheduleInput } from '@boocontrol/contracts';
import { readTarget, targetKey } from '../runs/targets';

/** Monday first, as the contract counts them from 1. */
export const DAY_NAMES = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** "every day", "Mon to Fri", "Mon, Wed" */
export function daysWords(days: readonly number[]): string {
  const sorted = [...new Set(days)].toSorted((a, b) => a - b);
  if (sorted.length === 7) return 'every day';
  const name = (day: number): string => DAY_NAMES[day - 1] ?? '';
  const [first] = sorted;
  const last = sorted.at(-1);
  if (first !== undefined && last !== undefined && sorted.length > 2 && last - first === sorted.length - 1)
    return `${name(first)} to ${name(last)}`;
  return sorted.map(name).join(', ');
}

export interface ScheduleForm {
  suiteName: string;
  at: string;
  days: readonly number[];
  timeZone: string;
  /** `<host>/<model>`; empty: those of the suite. */
  targets: readonly string[];
  enabled: boolean;
}

export const formOfSchedule = (schedule: BenchSchedule): ScheduleForm => ({
  suiteName: schedule.suiteName,
  at: schedule.at,
  days: schedule.days,
  timeZone: schedule.timeZone,
  targets: schedule.targets.map(targetKey),
  enabled: schedule.enabled,
});

export const newSchedule = (timeZone: string): ScheduleForm => ({
  suiteName: 'quick',
  at: '04:00',
  days: [1, 2, 3, 4, 5, 6, 7],
  timeZone,
  targets: [],
  enabled: true,
});

export const toScheduleInput = (form: ScheduleForm): BenchScheduleInput => ({
  suiteName: form.suiteName,
  targets: form.targets.map(readTarget),
  at: form.at,
  days: [...form.days],
  timeZone: form.timeZone.trim(),
  enabled: form.enabled,
});
