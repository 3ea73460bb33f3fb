'use client';
import { useState, type FormEvent } from 'react';
import { Field } from '../page/Field';
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
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const go = (profile: string | null): void => askFor({ kind: 'profile', providerId, profile });
  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (name.trim() === '') setProblem('This is needed. For none, choose “No profile”.');
    else go(name.trim());
  };
  return (
    <Dialog title={`Switch the profile of ${host}`} onClose={onClose}>
      <form noValidate onSubmit={onSubmit} className="flex flex-col gap-4 px-5 py-4">
        <p>A profile renames what requests ask for. Models that are loaded stay so.</p>
        <Field
          label="Profile"
          value={name}
          onChange={(text) => {
            setName(text);
            setProblem(null);
          }}
          problem={problem ?? undefined}
          hint="As the llama-swap config of the host names it."
          maxLength={256}
          mono
          autoFocus
        />
        <div className="flex flex-wrap justify-end gap-2 border-t pt-4">
          <Button className="mr-auto" onClick={() => go(null)}>
            No profile
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit">
            Next
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
