'use client';
import { Field } from '../page/Field';
import type { FieldProblems, HostForm } from './host-form';

interface ServiceFieldsProps {
  form: HostForm;
  problems: FieldProblems;
  onChange: (more: Partial<HostForm>) => void;
  /** Models that have prices of their own, which the form leaves as they are. */
  singlePrices: number;
}

const PRICES = [
  ['priceInput', 'Prompt', '0.28'],
  ['priceCached', 'Cached prompt', '0.028'],
  ['priceOutput', 'Answer', '0.42'],
] as const;

/** What there is to say of a provider that only answers requests: who may use it, and what it takes. */
export function ServiceFields({ form, problems, onChange, singlePrices }: ServiceFieldsProps) {
  return (
    <>
      <label className="flex min-w-0 items-start gap-2.5 text-sm">
        <input
          type="checkbox"
          checked={form.frontier === 'yes'}
          onChange={(event) => onChange({ frontier: event.currentTarget.checked ? 'yes' : 'no' })}
          className="mt-1 accent-accent"
        />
        <span className="min-w-0">
          <span className="font-medium">Frontier provider</span>
          <span className="block text-xs text-fg2">
            Somebody else’s: it costs money and sees what is sent to it. API keys use it only where they say
            so.
          </span>
        </span>
      </label>
      <fieldset className="min-w-0">
        <legend className="mb-1 text-sm font-medium">
          Price <span className="font-normal text-fg2">in US dollars for a million tokens</span>
        </legend>
        <div className="grid gap-4 sm:grid-cols-3">
          {PRICES.map(([name, label, placeholder]) => (
            <Field
              key={name}
              label={label}
              value={form[name]}
              onChange={(value) => onChange({ [name]: value })}
              problem={problems[name]}
              placeholder={placeholder}
              inputMode="decimal"
              mono
            />
          ))}
        </div>
        <p className="mt-1 text-xs text-fg2">
          Optional; of every model that has no price of its own.
          {singlePrices > 0 && ` ${singlePrices} of its models have one, and keep it.`}
        </p>
      </fieldset>
    </>
  );
}
