'use client';
import { instantToMs } from '@boocontrol/fleet-model';
import { count, duration, rate, spoken } from '../format/number';
import { exact } from '../format/time';
import { figuresOf, shortPath, statusOf, type FeedItem } from './rows';

const HEADS = [
  'Ended',
  'Host',
  'Model',
  'Consumer',
  'Path',
  'Status',
  'Prompt',
  'Cached',
  'Generated',
  'Gen tok/s',
  'Duration',
];

interface PrintedFeedProps {
  items: readonly FeedItem[];
  nameOf: (providerId: string) => string;
}

/** The finished requests that are loaded, all of them: a list in a window shows only those in sight. */
export function PrintedFeed({ items, nameOf }: PrintedFeedProps) {
  return (
    <table data-testid="printed-feed" className="num w-full text-2xs">
      <thead>
        <tr className="border-b text-left">
          {HEADS.map((head, i) => (
            <th key={head} scope="col" className={`pr-2 font-medium ${i > 5 ? 'text-right' : ''}`}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {items.map((item) => {
          if (item.kind === 'running') return null;
          if (item.kind === 'note') {
            return (
              <tr key={item.key} className="border-b">
                <td colSpan={HEADS.length}>{item.text}</td>
              </tr>
            );
          }
          const { row } = item;
          const figures = figuresOf(row);
          const texts = [
            exact(instantToMs(row.ts)),
            nameOf(row.providerId),
            row.model,
            row.source,
            shortPath(row.reqPath),
            statusOf(row).text,
            count(figures.promptTokens),
            count(figures.cacheTokens),
            count(figures.outputTokens),
            rate(figures.genTps),
            spoken(duration(row.durationMs)),
          ];
          return (
            <tr key={item.key} className="break-inside-avoid border-b">
              {texts.map((text, i) => (
                <td key={i} className={`pr-2 [overflow-wrap:anywhere] ${i > 5 ? 'text-right' : ''}`}>
                  {text}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
