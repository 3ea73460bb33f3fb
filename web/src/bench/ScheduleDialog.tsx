'use client';
import { BenchScheduleInputSchema, type BenchSchedule, type BenchSuites } from '@boocontrol/contracts';
import { useState, type FormEvent } from 'react';
import { messageOf } from '../api/client';
import { useResource } from '../api/resource';
import { plural } from '../format/number';
import { usePlaces } from '../models/use-places';
import { Field } from '../page/Field';
import { Button } from '../ui/controls';
import { Drawer } from '../ui/Drawer';
import { tell } from '../ui/notices';
import { saveSchedule, SUITES } from './calls';
import { DAY_NAMES, formOfSchedule, newSchedule, toScheduleInput, type ScheduleForm } from './schedule-form';
import { Select } from '../page/Select';
import { suiteWords } from './suite-words';
import { TargetPicker } from '../runs/TargetPicker';
import { namedBy } from '../runs/targets';

interface ScheduleDialogProps {
  /** null: make one. */
  schedule: BenchSchedule | null;
  onClose: () => void;
}

/** When a suite is measured by itself, and where. */
export default function ScheduleDialog({ schedule, onClose }: ScheduleDialogProps) {
  const { data } = useResource<BenchSuites>(SUITES);
  const places = usePlaces();
  const [form, setForm] = useState<ScheduleForm>(() =>
    schedule
      ? formOfSchedule(schedule)
      : newSchedule(Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'),
  );
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const set = (more: Partial<ScheduleForm>): void => {
    setForm((before) => ({ ...before, ...more }));
    setProblem(null);
  };
  const suite = data?.suites.find(({ name }) => name === form.suiteName)?.suite;
  const named = suite ? namedBy(suite, places) : [];
  const save = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const body = toScheduleInput(form);
    if (body.days.length === 0) return setProblem('Choose a day at least.');
    if (body.targets.length === 0 && suite?.targets.length === 0)
      return setProblem('Choose a model: the suite names none by itself.');
    if (!BenchScheduleInputSchema.safeParse(body).success)
      return setProblem('Enter the time of day, and a time zone as Europe/Berlin.');
    setBusy(true);
    try {
      await saveSchedule(schedule?.id ?? null, body);
      tell('The schedule is saved.');
      onClose();
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <Drawer title={schedule ? 'Edit the schedule' : 'A new schedule'} onClose={onClose}>
      <form onSubmit={(event) => void save(event)} noValidate className="flex flex-col gap-4">
        <label className="flex flex-col gap-1 text-sm font-medium">
          Suite
          <Select
            label="Suite"
            value={form.suiteName}
            options={(data?.suites ?? []).map((each) => ({
              value: each.name,
              label: suiteWords(each).title,
            }))}
            onChange={(name) => set({ suiteName: name ?? 'quick' })}
          />
        </label>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label="Time of day"
            type="time"
            value={form.at}
            onChange={(at) => set({ at })}
            problem={undefined}
          />
          <Field
            label="Time zone"
            value={form.timeZone}
            onChange={(timeZone) => set({ timeZone })}
            problem={undefined}
            placeholder="Europe/Berlin"
          />
        </div>
        <fieldset>
          <legend className="mb-1 text-sm font-medium">Days</legend>
          <div className="flex flex-wrap gap-x-4">
            {DAY_NAMES.map((name, i) => (
              <label key={name} className="flex h-8 items-center gap-1.5 text-sm pointer-coarse:h-10">
                <input
                  type="checkbox"
                  checked={form.days.includes(i + 1)}
                  onChange={(event) =>
                    set({
                      days: event.currentTarget.checked
                        ? [...form.days, i + 1].toSorted((a, b) => a - b)
                        : form.days.filter((day) => day !== i + 1),
                    })
                  }
                  className="accent-accent"
                />
                {name}
              </label>
            ))}
          </div>
        </fieldset>
        <fieldset className="min-w-0">
          <legend className="mb-1 text-sm font-medium">
            Where{' '}
            <span className="font-normal text-fg3">
              {suite && suite.targets.length > 0
                ? `(none chosen: those that the suite names, ${plural(named.length, 'model')} now)`
                : '(the suite names none by itself)'}
            </span>
          </legend>
          <TargetPicker chosen={form.targets} onChange={(targets) => set({ targets })} />
        </fieldset>
        <label className="flex items-center gap-2.5 text-sm pointer-coarse:min-h-10">
          <input
            type="checkbox"
            checked={form.enabled}
            onChange={(event) => set({ enabled: event.currentTarget.checked })}
            className="accent-accent"
          />
          Enabled
        </label>
        <p className="text-xs text-fg2">
          A host that others use when its time has come is left out, and why is said in the list.
        </p>
        {problem && (
          <p role="alert" className="text-sm text-error">
            {problem}
          </p>
        )}
        <div className="sticky -bottom-4 z-10 flex justify-end gap-2 border-t bg-s1 py-3">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={busy}>
            {busy ? 'Saving…' : 'Save'}
          </Button>
        </div>
      </form>
    </Drawer>
  );
}
