'use client';
import { useQuery } from '../browser/query';
import { Button } from '../ui/controls';
import { Select } from '../page/Select';
import { useRunChoices } from './use-choices';

/** Which runs are shown, each choice in the address. */
export function RunFilters({ suitesPath }: { suitesPath: string }) {
  const [query, setQuery] = useQuery();
  const { hosts, models, suites } = useRunChoices(suitesPath);
  const isFiltered = ['host', 'model', 'suite'].some((name) => query.has(name));
  const choose = (name: string) => (value: string | null) => setQuery({ [name]: value });
  return (
    <div
      role="group"
      aria-label="Filters"
      className="grid grid-cols-2 gap-2 sm:flex sm:flex-wrap sm:items-center"
    >
      <Select
        label="Only this host"
        all="All hosts"
        value={query.get('host')}
        options={hosts}
        onChange={choose('host')}
      />
      <Select
        label="Only this model"
        all="All models"
        value={query.get('model')}
        options={models}
        onChange={choose('model')}
      />
      <Select
        label="Only this suite"
        all="All suites"
        value={query.get('suite')}
        options={suites}
        onChange={choose('suite')}
      />
      {isFiltered && (
        <Button look="quiet" onClick={() => setQuery({ host: null, model: null, suite: null })}>
          Clear
        </Button>
      )}
    </div>
  );
}
