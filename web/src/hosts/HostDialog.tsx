'use client';
import { ProviderInputSchema, ProviderPatchSchema, v1Of, type PublicProvider } from '@boocontrol/contracts';
import { useState, type FormEvent, type ReactNode } from 'react';
import { api, ApiError, messageOf } from '../api/client';
import { live } from '../live';
import { isHidden } from '../live/marks';
import { Field } from '../page/Field';
import { Button } from '../ui/controls';
import { Dialog } from '../ui/Dialog';
import type { Complaints } from '../page/issues';
import { useFirstProblem } from '../page/use-first-problem';
import { tell } from '../ui/notices';
import {
  completeUrl,
  EMPTY_FORM,
  formOf,
  hostProblems,
  ofKind,
  sentProblems,
  suggestId,
  toInput,
  toPatch,
  type FieldProblems,
  type HostForm,
} from './host-form';
import { KindChoice } from './KindChoice';
import { showAgain } from './marks';
import { ServiceFields } from './ServiceFields';

interface HostDialogProps {
  /** null: add one. */
  provider: PublicProvider | null;
  taken: ReadonlySet<string>;
  onClose: () => void;
}

export default function HostDialog({ provider, taken, onClose }: HostDialogProps) {
  const [form, setForm] = useState<HostForm>(provider ? formOf(provider) : EMPTY_FORM);
  const [idTouched, setIdTouched] = useState(provider !== null);
  const [problems, setProblems] = useState<FieldProblems>({});
  const [rest, setRest] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const id = idTouched ? form.id : suggestId(form.label, form.baseUrl, taken);
  const set = (more: Partial<HostForm>): void => {
    setForm((before) => ({ ...before, ...more }));
    const mended = Object.keys(more).map((name) => [name, undefined]);
    setProblems((before) => ({ ...before, ...Object.fromEntries(mended) }));
  };
  const change = (name: keyof HostForm) => (value: string) => set({ [name]: value });
  const { kind } = form;
  const isSwap = kind === 'llama-swap';
  const fields = useFirstProblem(problems);
  const refuse = ({ fields: wrong, rest: other }: Complaints<keyof HostForm>): void => {
    setProblems(wrong);
    setRest(other);
    setBusy(false);
  };
  const save = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const whole = { ...form, id };
    const body = provider ? toPatch(whole, provider) : toInput(whole);
    const checked = (provider ? ProviderPatchSchema : ProviderInputSchema).safeParse(body);
    if (!checked.success) return refuse(hostProblems(checked.error.issues));
    setBusy(true);
    setRest(null);
    try {
      if (provider) await api(`/providers/${provider.id}`, { method: 'PATCH', body });
      else await api('/providers', { method: 'POST', body });
      tell(
        provider
          ? `${form.label || id} is saved.`
          : `${form.label || id} is added. Its card shows the connection.`,
      );
      // One that was removed while it was hidden still is; whoever adds it wants to see it.
      if (!provider && isHidden(live.get().marks, id))
        void showAgain({ providerId: id, model: null, label: form.label || id });
      onClose();
    } catch (error) {
      refuse(
        error instanceof ApiError ? sentProblems(error.problem) : { fields: {}, rest: messageOf(error) },
      );
    }
  };
  return (
    <Dialog title={provider ? `Edit ${provider.label}` : 'Add a host'} onClose={onClose}>
      <form
        ref={fields}
        onSubmit={(event) => void save(event)}
        noValidate
        className="flex flex-col gap-4 px-5 py-4"
      >
        <KindChoice kind={kind} onChange={provider ? null : (chosen) => setForm(ofKind(form, chosen))} />
        <Field
          label="Address"
          value={form.baseUrl}
          onChange={change('baseUrl')}
          problem={problems.baseUrl}
          hint={addressHint(form)}
          placeholder={ADDRESS_OF[kind]}
          mono
          autoFocus
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label="Name"
            value={form.label}
            onChange={change('label')}
            problem={problems.label}
            placeholder={NAME_OF[kind]}
          />
          <Field
            label="Id"
            value={id}
            onChange={(value) => {
              setIdTouched(true);
              change('id')(value);
            }}
            problem={problems.id}
            hint={provider ? "Can't be changed." : "Only a-z, 0-9 and hyphens. Can't be changed later."}
            disabled={provider !== null}
            mono
          />
        </div>
        <div className={isSwap ? 'grid gap-4 sm:grid-cols-2' : ''}>
          <Field
            label="Tags"
            value={form.tags}
            onChange={change('tags')}
            problem={problems.tags}
            placeholder="gpu, living room"
            hint="Separated by commas."
          />
          {isSwap && (
            <Field
              label="GPU"
              value={form.gpuLabel}
              onChange={change('gpuLabel')}
              problem={problems.gpuLabel}
              placeholder="RTX 5090"
              hint="Used when the host doesn't report one."
            />
          )}
        </div>
        <Field
          label="API key variable"
          value={form.apiKeyEnv}
          onChange={change('apiKeyEnv')}
          problem={problems.apiKeyEnv}
          placeholder={kind === 'openai' ? 'DEEPSEEK_API_KEY' : 'TOWER_API_KEY'}
          hint={keyHint(provider, isSwap)}
          mono
        />
        {!isSwap && (
          <ServiceFields
            form={form}
            problems={problems}
            onChange={set}
            singlePrices={provider?.prices?.models?.length ?? 0}
          />
        )}
        {rest && (
          <p role="alert" className="rounded-md bg-error/12 px-3 py-2 text-sm text-fg">
            {rest}
          </p>
        )}
        <div className="sticky bottom-0 -mx-5 -mb-4 flex flex-wrap items-center justify-end gap-2 border-t bg-s1 px-5 py-4">
          <p className="mr-auto text-xs text-fg2">
            {provider
              ? 'A new address or key reconnects the host.'
              : 'BooControl connects within a second. No restart needed.'}
          </p>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={busy}>
            {busy ? 'Saving…' : provider ? 'Save' : 'Add host'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const ADDRESS_OF = {
  'llama-swap': 'http://192.168.1.20:8080',
  openai: 'https://api.deepseek.com',
  'boocontrol-gateway': 'http://192.168.1.30:9503',
} as const;
const NAME_OF = { 'llama-swap': 'Tower', openai: 'DeepSeek', 'boocontrol-gateway': 'Office' } as const;

function addressHint({ kind, baseUrl }: HostForm): string {
  if (kind === 'llama-swap') return 'Where llama-swap listens.';
  const url = completeUrl(baseUrl, kind);
  if (!URL.canParse(url)) return 'With or without its /v1.';
  return `With or without its /v1. Requests go to ${v1Of(url)}.`;
}

function keyHint(provider: PublicProvider | null, isSwap: boolean): ReactNode {
  const base = `Only if ${isSwap ? 'llama-swap' : 'it'} asks for a key: the name of the environment variable that holds it where BooControl runs. The key itself is never stored.`;
  if (!provider?.apiKeyEnv) return base;
  return provider.apiKeySet
    ? `${base} ${provider.apiKeyEnv} is set.`
    : `${base} ${provider.apiKeyEnv} is not set there now.`;
}
