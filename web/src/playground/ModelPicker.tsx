'use client';
import { useMemo, useState } from 'react';
import { useLive, useMarks } from '../live';
import { Badges } from '../models/ModelBadges';
import { useBadges, useChoices } from '../models/use-badges';
import { Palette, type Praise } from '../ui/Palette';
import { modelChoices, type Known, type ModelChoice } from './choices';

interface ModelPickerProps extends Pick<Known, 'isExact' | 'isAnyKind'> {
  label: string;
  onChoose: (model: string) => void;
  onClose: () => void;
}

/** Every policy, model and host that can be asked, with what speaks for it. Import it lazily. */
export default function ModelPicker(props: ModelPickerProps) {
  const { label, isExact = false, isAnyKind = false, onChoose, onClose } = props;
  const [typed, setTyped] = useState('');
  const providers = useLive((state) => state.providers);
  const hosts = useLive(({ fleet }) => fleet?.hosts);
  const marks = useMarks();
  const choices = useChoices();
  const groups = useMemo(
    () => modelChoices({ providers, hosts: hosts ?? {}, marks, choices, isExact, isAnyKind }, typed),
    [providers, hosts, marks, choices, isExact, isAnyKind, typed],
  );
  const badges = useBadges();
  const praise = ({ places }: ModelChoice): Praise | null => {
    const found = badges(places);
    if (found.length === 0) return null;
    return {
      marks: <Badges badges={found} focusable={false} />,
      why: found.map(({ why }) => why).join(' '),
    };
  };
  return (
    <Palette
      label={label}
      placeholder={isExact ? 'A model or a host' : 'A model, a host, or auto'}
      typed={typed}
      onType={setTyped}
      groups={groups}
      praise={praise}
      onChoose={({ model }) => {
        onChoose(model);
        onClose();
      }}
      onClose={onClose}
    />
  );
}
