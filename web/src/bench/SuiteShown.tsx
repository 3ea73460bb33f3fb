'use client';
import type { BenchSuite } from '@boocontrol/contracts';
import { Button } from '../ui/controls';
import { CopyButton } from '../ui/Copy';
import { Drawer } from '../ui/Drawer';
import { SuiteVersions } from './SuiteVersions';
import { planWords, suiteWords } from './suite-words';

interface SuiteShownProps {
  suite: BenchSuite;
  onCopy: () => void;
  onClose: () => void;
}

/** A suite that is not changed here: it came with the program, or is a file of the data folder. */
export default function SuiteShown({ suite: stored, onCopy, onClose }: SuiteShownProps) {
  const json = JSON.stringify(stored.suite, null, 2);
  return (
    <Drawer title={suiteWords(stored).title} onClose={onClose}>
      <div className="flex flex-col gap-4 text-sm">
        <p>{suiteWords(stored).text}</p>
        <p className="text-fg2">{planWords(stored.suite)}.</p>
        <p className="flex flex-wrap items-center gap-3 text-fg2">
          {stored.origin === 'file'
            ? 'It is a file of the data folder, and is changed there.'
            : 'It came with the program, and cannot be changed.'}
          <Button onClick={onCopy}>Copy as…</Button>
        </p>
        <section aria-label="As JSON" className="min-w-0 rounded-md border">
          <div className="flex items-center justify-between border-b px-3 py-1 text-xs text-fg2">
            All of it
            <CopyButton what="the suite" text={json} />
          </div>
          <pre tabIndex={0} className="overflow-x-auto px-3 py-2 font-mono text-xs">
            {json}
          </pre>
        </section>
        <SuiteVersions name={stored.name} onTake={null} />
      </div>
    </Drawer>
  );
}
