'use client';
import type { HostProfiles } from '@boocontrol/contracts';
import { useEffect, useState, type FormEvent } from 'react';
import { messageOf } from '../api/client';
import { refresh, useResource } from '../api/resource';
import { Button } from '../ui/controls';
import { Dialog } from '../ui/Dialog';
import { askFor } from './asked';
import { useHostName } from './names';

interface ProfileDialogProps {
  providerId: string;
  onClose: () => void;
}

/** Which profile; what the switch would do is asked about next. */
export default function ProfileDialog({ providerId, onClose }: ProfileDialogProps) {
  const host = useHostName(providerId);
  const path = `/providers/${providerId}/profiles`;
  const { data, error } = useResource<HostProfiles>(path);
  // What was told when the dialog was open before may be old by now.
  useEffect(() => refresh(path), [path]);
  return (
    <Dialog title={`Switch the profile of ${host}`} onClose={onClose}>
      {error || !data ? (
        <div className="flex flex-col gap-4 px-5 py-4">
          <p role="status">{error ? messageOf(error) : `Asking ${host} for its profiles…`}</p>
          <div className="flex justify-end gap-2 border-t pt-4">
            {error && <Button onClick={() => refresh(path)}>Try again</Button>}
            <Button onClick={onClose}>Close</Button>
          </div>
        </div>
      ) : (
        <Choice
          told={data}
          onClose={onClose}
          onChoose={(profile) => askFor({ kind: 'profile', providerId, profile })}
        />
      )}
    </Dialog>
  );
}

interface ChoiceProps {
  told: HostProfiles;
  onClose: () => void;
  onChoose: (profile: string | null) => void;
}

function Choice({ told: { active, profiles }, onClose, onChoose }: ChoiceProps) {
  const [chosen, setChosen] = useState(active);
  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    onChoose(chosen);
  };
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-4 px-5 py-4">
      <p>A profile renames what requests ask for. Models that are loaded stay so.</p>
      <fieldset className="flex flex-col gap-1">
        <legend className="sr-only">Profile</legend>
        {[...profiles, { id: null, description: 'Requests ask for models by their own names' }].map(
          ({ id, description }) => (
            <label
              key={id ?? ''}
              className="flex min-h-9 pointer-coarse:min-h-10 cursor-pointer items-center gap-3 rounded-md px-2 hover:bg-s3"
            >
              <input
                type="radio"
                name="profile"
                aria-label={id ?? 'No profile'}
                checked={chosen === id}
                onChange={() => setChosen(id)}
                className="size-4 shrink-0 accent-accent"
              />
              <span className="flex min-w-0 flex-col">
                <span className={`truncate ${id === null ? '' : 'font-mono text-sm'}`}>
                  {id ?? 'No profile'}
                </span>
                {description && <span className="text-xs text-fg2">{description}</span>}
              </span>
              {active === id && <span className="ml-auto shrink-0 text-xs text-fg2">active now</span>}
            </label>
          ),
        )}
      </fieldset>
      {profiles.length === 0 && <p className="text-fg2">The config of this host names no profiles.</p>}
      <div className="flex justify-end gap-2 border-t pt-4">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" type="submit" disabled={chosen === active}>
          Next
        </Button>
      </div>
    </form>
  );
}
