'use client';
import type { BenchSchedule, BenchSchedules } from '@boocontrol/contracts';
import { instantToMs } from '@boocontrol/fleet-model';
import { lazy, Suspense, useState } from 'react';
import { messageOf } from '../api/client';
import { refresh, useResource } from '../api/resource';
import { useDrawer } from '../browser/use-drawer';
import { hostName } from '../control/names';
import { plural } from '../format/number';
import { clock } from '../format/time';
import { serverNow } from '../live';
import { Ago } from '../live/Ago';
import { PageHead } from '../page/PageHead';
import { Awaiting, Button, Notice } from '../ui/controls';
import { PlusIcon } from '../ui/icons';
import { Mark, Tag } from '../ui/marks';
import { tell } from '../ui/notices';
import { BenchViews } from './BenchViews';
import { removeSchedule, saveSchedule, SCHEDULES } from './calls';
import { daysWords, formOfSchedule, toScheduleInput } from './schedule-form';
import { useChanges } from '../live/use-jobs';

const ScheduleDialog = lazy(() => import('./ScheduleDialog'));
const Confirm = lazy(() => import('../ui/Confirm').then((module) => ({ default: module.Confirm })));

/** Runs that begin by themselves, and what became of them the last time. */
export default function SchedulesView() {
  const { data, error } = useResource<BenchSchedules>(SCHEDULES);
  useChanges('bench', null, () => refresh(SCHEDULES));
  const drawer = useDrawer('edit');
  const asking = useDrawer('ask');
  const [removing, setRemoving] = useState<BenchSchedule | null>(null);
  const schedules = data?.schedules ?? [];
  const opened = schedules.find(({ id }) => id === drawer.opened);
  return (
    <div>
      <PageHead title="Bench" filters={<BenchViews />}>
        <Button look="primary" onClick={() => asking.open('new')}>
          <PlusIcon className="size-4" aria-hidden />
          <span>
            New<span className="max-sm:sr-only"> schedule</span>
          </span>
        </Button>
      </PageHead>
      <div className="flex flex-col gap-3 px-4 pb-6 md:px-6">
        {error && (
          <p role="alert" className="flex flex-wrap items-center gap-3 text-sm text-fg2">
            {data ? 'The schedules are as they were told last.' : 'Couldn’t load the schedules.'}{' '}
            {error.message}
            <Button onClick={() => refresh(SCHEDULES)}>Try again</Button>
          </p>
        )}
        {!data && !error && <Awaiting>Loading the schedules.</Awaiting>}
        {data && schedules.length === 0 && (
          <Notice
            title="Nothing is measured by itself"
            action={
              <Button look="primary" onClick={() => asking.open('new')}>
                Make a schedule
              </Button>
            }
          >
            A suite at a quiet hour shows when an update made a model slower. A host that is in use then is
            left out.
          </Notice>
        )}
        <ul aria-label="Schedules" className={`flex flex-col gap-3 ${error ? 'stale' : ''}`}>
          {schedules.map((schedule) => (
            <Schedule
              key={schedule.id}
              schedule={schedule}
              onEdit={() => drawer.open(schedule.id)}
              onRemove={() => setRemoving(schedule)}
            />
          ))}
        </ul>
      </div>
      <Suspense>
        {opened && <ScheduleDialog key={opened.id} schedule={opened} onClose={drawer.close} />}
        {asking.opened === 'new' && <ScheduleDialog schedule={null} onClose={asking.close} />}
        {removing && (
          <Confirm
            title="Remove this schedule?"
            verb="Remove"
            doing="Removing…"
            keep="Keep it"
            openerLeaves
            onClose={() => setRemoving(null)}
            run={async () => {
              await removeSchedule(removing.id);
              tell('The schedule is removed. Its runs stay.');
            }}
          >
            <p>{removing.suiteName} is no longer measured by itself. Runs that it began stay.</p>
          </Confirm>
        )}
      </Suspense>
    </div>
  );
}

interface ScheduleProps {
  schedule: BenchSchedule;
  onEdit: () => void;
  onRemove: () => void;
}

function Schedule({ schedule, onEdit, onRemove }: ScheduleProps) {
  const { suiteName, at, days, timeZone, enabled, nextAt, last, targets } = schedule;
  const [busy, setBusy] = useState(false);
  const turn = async (): Promise<void> => {
    setBusy(true);
    try {
      await saveSchedule(schedule.id, toScheduleInput({ ...formOfSchedule(schedule), enabled: !enabled }));
    } catch (error) {
      tell(`The schedule is as it was. ${messageOf(error)}`, true);
    } finally {
      setBusy(false);
    }
  };
  return (
    <li className="flex min-w-0 flex-col gap-2 rounded-lg border bg-s1 px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-medium">{suiteName}</span>
        <span className="text-sm text-fg2">
          {daysWords(days)} at <span className="num">{at}</span> ({timeZone})
        </span>
        {!enabled && <Tag>switched off</Tag>}
        <span className="ml-auto flex gap-1">
          <Button look="quiet" disabled={busy} onClick={() => void turn()}>
            {enabled ? 'Switch off' : 'Switch on'}
            <span className="sr-only"> {suiteName}</span>
          </Button>
          <Button look="quiet" onClick={onEdit}>
            Edit<span className="sr-only"> {suiteName}</span>
          </Button>
          <Button look="quiet" onClick={onRemove}>
            Remove<span className="sr-only"> {suiteName}</span>
          </Button>
        </span>
      </div>
      <p className="text-sm text-fg2 [overflow-wrap:anywhere]">
        {targets.length === 0
          ? 'The models that the suite names.'
          : targets.map(({ providerId, model }) => `${hostName(providerId)}: ${model}`).join(', ')}
      </p>
      <p className="text-xs text-fg2">
        {nextAt === null ? 'It is not due.' : `Next: ${clock(instantToMs(nextAt), serverNow())}.`}{' '}
        {last === null ? (
          'It was not due yet.'
        ) : (
          <>
            Last <Ago atMs={instantToMs(last.at)} />: {plural(last.runs, 'run')} begun
            {last.skipped.length > 0 && `, ${last.skipped.length} left out`}.
          </>
        )}
      </p>
      {last && last.skipped.length > 0 && (
        <ul className="flex flex-col gap-1 text-xs">
          {last.skipped.map(({ providerId, model, reason }) => (
            <li key={`${providerId}/${model}`} className="flex gap-1.5 text-busy">
              <span className="mt-1">
                <Mark tone="busy" />
              </span>
              <span className="min-w-0 [overflow-wrap:anywhere]">
                {hostName(providerId)}: {model} was left out. {reason.message}
              </span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
