'use client';
import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog as Base } from '@base-ui/react/dialog';
import { CloseIcon, SearchIcon } from './icons';
import { useState, type ReactNode } from 'react';
import { Modal } from './Modal';

export interface PaletteItem {
  key: string;
  label: string;
  hint?: string;
}
/** What speaks for an item. */
export interface Praise {
  /** Beside its label. */
  marks: ReactNode;
  /** In sentences, told while the item is highlighted. */
  why: string;
}
export interface PaletteGroup<Item extends PaletteItem> {
  value: string;
  items: Item[];
}

interface PaletteProps<Item extends PaletteItem> {
  label: string;
  placeholder: string;
  typed: string;
  onType: (text: string) => void;
  /** What matches what is typed. */
  groups: readonly PaletteGroup<Item>[];
  /** null: nothing speaks for it. */
  praise?: (item: Item) => Praise | null;
  onChoose: (item: Item) => void;
  onClose: () => void;
}

/** A field with a list to choose from, over the whole page. Import it lazily. */
export function Palette<Item extends PaletteItem>(props: PaletteProps<Item>) {
  const { label, placeholder, typed, onType, groups, praise, onChoose, onClose } = props;
  const [highlighted, setHighlighted] = useState<Item | undefined>();
  const why = (highlighted && praise?.(highlighted)?.why) ?? null;
  return (
    <Modal
      label={label}
      onClose={onClose}
      className="inset-x-0 top-[min(8rem,10dvh)] mx-auto flex max-h-[min(30rem,75dvh)] w-[min(36rem,calc(100vw-1.5rem))] flex-col overflow-hidden rounded-xl border"
    >
      <Autocomplete.Root
        open
        inline
        items={groups}
        filter={null}
        itemToStringValue={(item: PaletteItem) => item.label}
        value={typed}
        onValueChange={(text, { reason }) => {
          if (reason !== 'item-press') onType(text);
        }}
        onItemHighlighted={(item: Item | undefined) => setHighlighted(item)}
        autoHighlight="always"
        keepHighlight
      >
        <div className="flex h-12 shrink-0 items-center gap-3 border-b px-4">
          <SearchIcon className="size-4 shrink-0 text-fg3" />
          <Autocomplete.Input
            aria-label={label}
            placeholder={placeholder}
            className="h-full min-w-0 flex-1 bg-transparent outline-none"
          />
          <Base.Close className="-mr-2 grid place-items-center rounded p-2 text-fg3 pointer-coarse:size-10 hover:text-fg">
            <span className="sr-only">Close</span>
            <kbd aria-hidden className="rounded border px-1.5 font-mono text-2xs pointer-coarse:hidden">
              Esc
            </kbd>
            <CloseIcon aria-hidden className="hidden size-4 pointer-coarse:block" />
          </Base.Close>
        </div>
        <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-2">
          <Autocomplete.Empty className="px-3 py-6 text-center text-sm text-fg2 empty:hidden">
            Nothing matches “{typed}”.
          </Autocomplete.Empty>
          <Autocomplete.List>
            {(group: PaletteGroup<Item>) => (
              <Autocomplete.Group key={group.value} items={group.items} className="mb-2 last:mb-0">
                <Autocomplete.GroupLabel className="eyebrow px-3 py-1">{group.value}</Autocomplete.GroupLabel>
                <Autocomplete.Collection>
                  {(item: Item) => (
                    <Autocomplete.Item
                      key={item.key}
                      value={item}
                      onClick={() => onChoose(item)}
                      className="flex h-9 pointer-coarse:h-10 cursor-pointer items-center gap-3 rounded-md px-3 text-sm data-highlighted:bg-s3"
                    >
                      <span className="min-w-0 truncate">{item.label}</span>
                      {praise?.(item)?.marks}
                      {item.hint && (
                        <span className="ml-auto min-w-0 shrink truncate text-xs text-fg3">{item.hint}</span>
                      )}
                    </Autocomplete.Item>
                  )}
                </Autocomplete.Collection>
              </Autocomplete.Group>
            )}
          </Autocomplete.List>
        </div>
        {why !== null && (
          <p role="status" className="shrink-0 border-t px-5 py-2 text-xs text-fg2">
            {why}
          </p>
        )}
      </Autocomplete.Root>
    </Modal>
  );
}
