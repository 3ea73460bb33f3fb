'use client';
import { DIRECT, type RoutePolicies } from '@boocontrol/contracts';
import { useResource } from '../api/resource';
import { Choices } from '../page/Choices';

interface PolicyChoiceProps {
  /** Empty: all. */
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

const BUILT_IN = ['auto', 'code', 'fast', 'cheap'];

/** Which policies a key may use. */
export function PolicyChoice({ chosen, onChange }: PolicyChoiceProps) {
  const { data } = useResource<RoutePolicies>('/routing/policies');
  const known = data?.policies.map(({ name }) => name) ?? BUILT_IN;
  return (
    <Choices
      legend="Policies"
      none="none chosen: all"
      offered={[
        ...known.map((name) => ({ value: name, text: name })),
        { value: DIRECT, text: 'models by name' },
      ]}
      chosen={chosen}
      onChange={onChange}
    />
  );
}
