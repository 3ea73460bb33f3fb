import { describe, expect, it } from 'vitest';
import {
  gridOf,
  heldOrder,
  nextSorting,
  NO_CHOICE,
  readChoice,
  shownColumns,
  sortRows,
  withColumn,
  type Column,
} from './columns';

interface Row {
  name: string;
  load: number | null;
}
const column = (id: string, more: Partial<Column<Row>> = {}): Column<Row> => ({
  id,
  name: id,
  minPx: 50,
  render: () => null,
  ...more,
});
const NAME = column('name', { fixed: true, sortBy: ({ name }) => name, grow: 1 });
const LOAD = column('load', { largestFirst: true, sortBy: ({ load }) => load });
const NOTE = column('note', { optional: true });
const COLUMNS = [NAME, LOAD, NOTE];
const ids = (columns: readonly Column<Row>[]): string[] => columns.map(({ id }) => id);

describe('the columns of a table', () => {
  it('are the page’s own until somebody chooses', () => {
    expect(ids(shownColumns(COLUMNS, NO_CHOICE))).toEqual(['name', 'load']);
  });
  it('are shown and hidden one by one, in the order of the page', () => {
    const all = withColumn(COLUMNS, NO_CHOICE, 'note', true);
    expect(ids(shownColumns(COLUMNS, all))).toEqual(['name', 'load', 'note']);
    expect(ids(shownColumns(COLUMNS, withColumn(COLUMNS, all, 'load', false)))).toEqual(['name', 'note']);
  });
  it('keep the one without which there is no table', () => {
    expect(ids(shownColumns(COLUMNS, { shown: [], sorting: null }))).toEqual(['name']);
  });
  it('read what a browser kept, and make nothing of nonsense', () => {
    expect(readChoice('{"shown":["load"],"sorting":{"column":"load","descending":true}}')).toEqual({
      shown: ['load'],
      sorting: { column: 'load', descending: true },
    });
    for (const text of [null, '', 'x', '3', '{"shown":5,"sorting":"up"}'])
      expect(readChoice(text)).toEqual(NO_CHOICE);
  });
  it('make one grid, and the width below which the table scrolls sideways', () => {
    expect(gridOf([NAME, LOAD])).toEqual({ template: 'minmax(50px, 1fr) 50px', minPx: 136 });
  });
});

describe('the order of the rows', () => {
  const rows: Row[] = [
    { name: 'node 10', load: 1 },
    { name: 'node 2', load: null },
    { name: 'node 1', load: 7 },
  ];
  const names = (sorted: readonly Row[]): string[] => sorted.map(({ name }) => name);
  it('goes round: one way, the other, as the page has it', () => {
    const first = nextSorting(null, LOAD);
    const second = nextSorting(first, LOAD);
    expect([first, second, nextSorting(second, LOAD)]).toEqual([
      { column: 'load', descending: true },
      { column: 'load', descending: false },
      null,
    ]);
  });
  it('takes numbers in names by their value', () => {
    expect(names(sortRows(rows, COLUMNS, { column: 'name', descending: false }))).toEqual([
      'node 1',
      'node 2',
      'node 10',
    ]);
  });
  it('has rows without a value last, either way', () => {
    expect(names(sortRows(rows, COLUMNS, { column: 'load', descending: true }))).toEqual([
      'node 1',
      'node 10',
      'node 2',
    ]);
    expect(names(sortRows(rows, COLUMNS, { column: 'load', descending: false })).at(-1)).toBe('node 2');
  });
  it('stays as it is for a column that is gone', () => {
    expect(sortRows(rows, COLUMNS, { column: 'gone', descending: true })).toBe(rows);
  });
  it('holds still while it is pointed at: what is new comes last', () => {
    expect(names(heldOrder(rows, ['node 2', 'node 1'], ({ name }) => name))).toEqual([
      'node 2',
      'node 1',
      'node 10',
    ]);
  });
});
