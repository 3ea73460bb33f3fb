'use client';
import { Dialog } from '../ui/Dialog';
import { KEYMAP } from './keymap';

export default function KeyboardMap({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <div className="flex flex-col gap-5 px-5 py-4">
        {KEYMAP.map(({ where, keys }) => (
          <section key={where}>
            <h3 className="eyebrow mb-1.5">{where}</h3>
            <dl className="flex flex-col gap-1.5 text-sm">
              {keys.map(({ keys: same, does }) => (
                <div key={does} className="flex items-baseline justify-between gap-6">
                  <dt className="text-fg2">{does}</dt>
                  <dd className="flex shrink-0 gap-1.5">
                    {same.map((key) => (
                      <kbd
                        key={key}
                        className="rounded border border-line-strong bg-s2 px-1.5 font-mono text-xs"
                      >
                        {key}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
