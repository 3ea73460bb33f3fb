'use client';
import { CloseIcon } from '../ui/icons';
import type { Picture } from './types';

interface ThumbnailsProps {
  pictures: readonly Picture[];
  onRemove?: (index: number) => void;
}

/** Pictures that go with a message. */
export function Thumbnails({ pictures, onRemove }: ThumbnailsProps) {
  if (pictures.length === 0) return null;
  return (
    <ul className="mt-2 flex flex-wrap gap-2">
      {pictures.map(({ name, url }, n) => (
        <li key={n} className="relative">
          <img src={url} alt={name} className="h-20 max-w-40 rounded border object-cover" />
          {onRemove && (
            <button
              type="button"
              aria-label={`Take ${name} out`}
              onClick={() => onRemove(n)}
              className="absolute top-1 right-1 grid size-6 place-items-center rounded bg-s1/90 text-fg2 hover:text-fg pointer-coarse:size-10"
            >
              <CloseIcon className="size-3.5" />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
