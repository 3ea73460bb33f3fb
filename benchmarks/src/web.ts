import { round, table, type Row } from './measure.js';
import { aimedClicks, scrollThrough } from './web/feed.js';
import { loading } from './web/loading.js';
import { withBrowser } from './web/pages.js';
import { heapGrowth, manyHosts, updates } from './web/steady.js';

const UPDATES_S = 60;
const HOSTS = 300;
const HOSTS_S = 20;
const ROWS = 100_000;

/** One line: what it is and what it has to be. */
function line(what: string, value: number, goal: string, holds: boolean, unit = ''): Row {
  return { what, measured: `${round(value, value < 1 ? 4 : 1)}${unit}`, goal, held: holds ? 'yes' : 'NO' };
}

/**
 * The cockpit in a real browser over a made-up fleet: what it fetches, how soon it is there, how smooth it stays.
 * Needs the export (`npm run build` in web).
 * @param minutes how long the heap is watched
 */
export async function web(minutes: number): Promise<void> {
  await withBrowser(async (browser) => {
    table(
      'web: each page, loaded for the first time (kB as brotli)',
      (await loading(browser)).map(({ route, scriptKb, chartsKb, styleKb, firstPaintMs, shift }) => ({
        page: route,
        'script kB (190)': round(scriptKb),
        'charts kB (160)': round(chartsKb),
        'style kB': round(styleKb),
        'first paint ms (1,500)': round(firstPaintMs, 0),
        'layout shift (0.02)': round(shift, 4),
      })),
    );
    const rows: Row[] = [];
    for (const path of ['/', '/activity/']) {
      const { framesPerS, longPct } = await updates(browser, path, UPDATES_S);
      const during = `${path}, 1,000 updates a second for ${UPDATES_S} s`;
      rows.push(
        line(`${during}: frames a second, median`, framesPerS, '≥ 55', framesPerS >= 55),
        line(`${during}: time in long tasks`, longPct, '< 1 %', longPct < 1, ' %'),
      );
    }
    const many = await manyHosts(browser, HOSTS, HOSTS_S);
    rows.push(
      line(`${HOSTS} hosts: first one in the page`, many.firstCardMs, '', true, ' ms'),
      line(`${HOSTS} hosts, 1,000 updates a second: frames`, many.framesPerS, '≥ 55', many.framesPerS >= 55),
      line(`${HOSTS} hosts: time in long tasks`, many.longPct, '< 1 %', many.longPct < 1, ' %'),
    );
    const scrolled = await scrollThrough(browser, ROWS);
    rows.push(
      line('rows scrolled through', scrolled.rows, `${ROWS}`, scrolled.rows >= ROWS),
      line('  in', scrolled.seconds, '', true, ' s'),
      line('  frames a second, median', scrolled.framesPerS, '', true),
      line('  rows in the page at the end', scrolled.inPage, '< 200', scrolled.inPage < 200),
    );
    const hits = await aimedClicks(browser);
    rows.push(line('of 100 aimed clicks at 50 requests a second, hit', hits, '100', hits === 100));
    const heap = await heapGrowth(browser, minutes);
    rows.push(
      line(`heap after ${minutes} min at 20 requests a second`, heap.mb, '', true, ' MB'),
      line('  growth', heap.growthPct, '≤ 10 %', heap.growthPct <= 10, ' %'),
    );
    table('web: under load', rows);
  });
}
