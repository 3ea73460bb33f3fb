'use client';
import type { RecordedTraffic, Totals } from '@boocontrol/contracts';
import { useState, type FormEvent } from 'react';
import { messageOf, withQuery } from '../api/client';
import { useResource } from '../api/resource';
import { serverNow } from '../live';
import { Button } from '../ui/controls';
import { Dialog } from '../ui/Dialog';
import { recordedTraffic, SUITES } from './calls';
import { Select } from '../page/Select';
import { useRunChoices } from '../runs/use-choices';

const SPANS = [
  { value: '1', label: 'of the last hour' },
  { value: '6', label: 'of the last 6 hours' },
  { value: '24', label: 'of the last 24 hours' },
  { value: '168', label: 'of the last 7 days' },
] as const;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface RecordedDialogProps {
  onMade: (made: RecordedTraffic) => void;
  onClose: () => void;
}

/** Makes a suite of what a consumer has asked: the same lengths at the same times. */
export default function RecordedDialog({ onMade, onClose }: RecordedDialogProps) {
  const [since] = useState(() => new Date(serverNow() - 7 * DAY_MS).toISOString());
  const { data } = useResource<Totals>(
    withQuery('/activity/totals', { from: since, groupBy: 'source', limit: 50 }),
  );
  const { models } = useRunChoices(SUITES);
  const sources = (data?.groups ?? []).flatMap(({ source }) =>
    source ? [{ value: source, label: source }] : [],
  );
  const [source, setSource] = useState<string | null>(null);
  const [model, setModel] = useState<string | null>(null);
  const [hours, setHours] = useState<string>('24');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const make = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (source === null) return setProblem('Choose whose requests are replayed.');
    setBusy(true);
    setProblem(null);
    const toMs = serverNow();
    try {
      onMade(
        await recordedTraffic({
          source,
          ...(model === null ? {} : { model }),
          from: new Date(toMs - Number(hours) * HOUR_MS).toISOString(),
          to: new Date(toMs).toISOString(),
        }),
      );
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title="From recorded traffic" onClose={onClose}>
      <form onSubmit={(event) => void make(event)} className="flex flex-col gap-4 px-5 py-4">
        <p className="text-sm text-fg2">
          A suite that sends what somebody asked before: prompts and answers of the same lengths, at the same
          times. What was written is not kept in it.
        </p>
        <div className="grid gap-2">
          <Select
            label="Whose requests"
            all="Whose requests?"
            value={source}
            options={sources}
            onChange={setSource}
          />
          <Select
            label="To which model"
            all="To any model"
            value={model}
            options={models}
            onChange={setModel}
          />
          <Select
            label="Of which time"
            value={hours}
            options={SPANS}
            onChange={(next) => setHours(next ?? '24')}
          />
        </div>
        {problem && (
          <p role="alert" className="text-sm text-error">
            {problem}
          </p>
        )}
        <div className="flex justify-end gap-2 border-t pt-4">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={busy}>
            {busy ? 'Reading…' : 'Make the suite'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
