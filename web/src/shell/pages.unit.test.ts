import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { grouped, GROUPS, inBar, isHere, PAGES, type PageEntry } from './pages';

const routes = (): string[] => {
  const folder = fileURLToPath(new URL('../app/(cockpit)', import.meta.url));
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(^|\/)page\.tsx$/.test(file) && !file.includes('/any/'))
    .map((file) => (dirname(file) === '.' ? '/' : `/${dirname(file)}/`));
};

describe('the list of pages', () => {
  it('names every route once, and only routes', () => {
    expect(PAGES.map(({ href }) => href).toSorted()).toEqual(routes().toSorted());
  });
  it('stands in the order of its groups, so that rail and bottom bar agree', () => {
    expect(grouped(PAGES).flatMap(({ pages }) => pages)).toEqual(PAGES);
  });
  it('leaves out groups without pages', () => {
    const page = (name: string, group: PageEntry['group']): PageEntry => ({
      ...(PAGES[0] as PageEntry),
      name,
      group,
    });
    const made = [page('a', 'Watch'), page('b', 'Operate')];
    expect(grouped(made).map(({ group }) => group)).toEqual(['Watch', 'Operate']);
    expect(GROUPS).toContain('Measure');
  });
  it('puts the first five into the bottom bar, apart from those that are for the sheet', () => {
    const many = Array.from({ length: 8 }, (_, i): PageEntry => ({
      ...(PAGES[0] as PageEntry),
      name: `${i}`,
    }));
    expect(inBar(many).map(({ name }) => name)).toEqual(['0', '1', '2', '3', '4']);
    const hidden = many.map((page) => (page.name === '2' ? { ...page, isInSheet: true } : page));
    expect(inBar(hidden).map(({ name }) => name)).toEqual(['0', '1', '3', '4', '5']);
  });
  it('knows where it is, with and without the slash at the end', () => {
    expect([isHere('/activity', '/activity/'), isHere('/activity/', '/activity/'), isHere('/', '/')]).toEqual(
      [true, true, true],
    );
    expect([isHere('/activity/', '/'), isHere('/hosts/tower/', '/')]).toEqual([false, true]);
  });
});
