'use client';
import { useQuery } from '../../browser/query';
import { VIEW_PARAM } from './address';
import { chosenView, type StoryProps } from './story';
import { STORY_VIEWS } from './views';

/** What there is to see of a request, one view at a time. */
export function ViewChoice(props: StoryProps) {
  const [query, setQuery] = useQuery();
  const { entry } = props;
  const views = STORY_VIEWS.filter(({ isOffered }) => isOffered?.(entry) ?? true);
  const chosen = chosenView(views, query.get(VIEW_PARAM), entry);
  return (
    <>
      <div
        role="group"
        aria-label="View of the request"
        className="mt-6 mb-4 flex flex-wrap gap-x-1 border-b"
      >
        {views.map(({ id, name }) => (
          <button
            key={id}
            type="button"
            aria-pressed={id === chosen?.id}
            onClick={() => setQuery({ [VIEW_PARAM]: id }, true)}
            className={`border-b-2 px-3 py-1.5 text-sm whitespace-nowrap pointer-coarse:py-2.5 ${id === chosen?.id ? 'border-accent text-fg' : 'border-transparent text-fg2 hover:text-fg'}`}
          >
            {name}
          </button>
        ))}
      </div>
      {chosen && <chosen.View {...props} />}
    </>
  );
}
