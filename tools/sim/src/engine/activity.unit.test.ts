import { describe, expect, test } from 'vitest';
import { Activity } from './activity.js';
import { parseActivityQuery, type ActivityQuery } from './activity-query.js';
import { noFigures } from './metering.js';

const START = 1_795_190_400_500_000_000n;

const FIELDS = {
  model: 'a',
  req_path: '/v1/chat/completions',
  resp_content_type: 'application/json',
  resp_status_code: 200,
  tokens: noFigures('B'),
  duration_ms: 1,
  has_capture: false,
};

function filled(generation: 'A' | 'B' | 'C', count: number, maxRows = 1_000): Activity {
  const activity = new Activity(generation, maxRows, 0);
  for (let index = 0; index < count; index += 1) {
    activity.insert(START + BigInt(index) * 700_000_000n, {
      model: index % 3 === 0 ? 'a' : 'b',
      req_path: '/v1/chat/completions',
      resp_content_type: 'application/json',
      resp_status_code: 200,
      tokens: noFigures(generation),
      duration_ms: 1_000 - index,
      has_capture: false,
    });
  }
  return activity;
}

function query(text: string, range = false): ActivityQuery {
  const parsed = parseActivityQuery(new URLSearchParams(text), range);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.query;
}

describe('ids and times', () => {
  test('A counts from 0 with nanoseconds, B and C from 1 with whole seconds', () => {
    expect(
      filled('A', 2)
        .rows()
        .map((row) => [row.id, row.timestamp]),
    ).toEqual([
      [0, '2026-11-20T16:00:00.5Z'],
      [1, '2026-11-20T16:00:01.2Z'],
    ]);
    for (const generation of ['B', 'C'] as const) {
      expect(
        filled(generation, 2)
          .rows()
          .map((row) => [row.id, row.timestamp]),
      ).toEqual([
        [1, '2026-11-20T16:00:00Z'],
        [2, '2026-11-20T16:00:01Z'],
      ]);
    }
  });

  test('ids go on behind rows carried over, and start again without them', () => {
    const carried = filled('B', 5).rows();
    const kept = new Activity('B', 1_000, 0, carried);
    const fresh = new Activity('B', 1_000, 0);
    expect(kept.insert(START, FIELDS).id).toBe(6);
    expect(fresh.insert(START, FIELDS).id).toBe(1);
    expect(kept.rows()).toHaveLength(6);
  });

  test('the ring drops the oldest', () => {
    expect(
      filled('B', 12, 5)
        .rows()
        .map((row) => row.id),
    ).toEqual([8, 9, 10, 11, 12]);
  });
});

describe('paging', () => {
  const activity = filled('B', 12);

  test('newest first and 25 to a page unless asked otherwise', () => {
    const page = activity.page(query(''));
    expect(page).toMatchObject({ page: 1, limit: 25, total: 12, total_pages: 1 });
    expect(page.data[0]?.id).toBe(12);
  });

  test('pages follow one another without gap or overlap', () => {
    const ids = [1, 2, 3].flatMap((page) =>
      activity.page(query(`limit=5&page=${page}&sort=id&order=asc`)).data.map((row) => row.id),
    );
    expect(ids).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(activity.page(query('limit=5&page=4')).data).toEqual([]);
    expect(activity.page(query('limit=5')).total_pages).toBe(3);
  });

  test('filters by model and sorts by any column', () => {
    expect(activity.page(query('model=a')).data.map((row) => row.id)).toEqual([10, 7, 4, 1]);
    expect(activity.page(query('sort=duration&order=asc&limit=1')).data[0]?.id).toBe(12);
  });

  test('bounds work in newer builds and are ignored without a word in older ones', () => {
    expect(activity.page(query('min_id=5&max_id=6', true)).data.map((row) => row.id)).toEqual([6, 5]);
    expect(activity.page(query('min_id=5&max_id=6', false)).total).toBe(12);
    const start = encodeURIComponent('2026-11-20T16:00:07Z');
    expect(activity.page(query(`start=${start}`, true)).data.map((row) => row.id)).toEqual([12, 11]);
    expect(activity.page(query('model=a&model=b', true)).total).toBe(12);
    expect(activity.page(query('model=a&model=b', false)).total).toBe(4);
  });
});

test.each([
  ['limit=0', false, 'limit must be between 1 and 999'],
  ['limit=1000', false, 'limit must be between 1 and 999'],
  ['limit=x', false, 'invalid limit'],
  ['page=0', false, 'page must be >= 1'],
  ['sort=colour', false, 'invalid sort column'],
  ['order=up', false, 'order must be asc or desc'],
  ['min_id=0', true, 'min_id must be >= 1'],
  ['min_id=5&max_id=4', true, 'min_id must be <= max_id'],
  ['start=noon', true, "invalid 'start' timestamp, use RFC3339 format"],
])('refuses %s', (text, range, message) => {
  expect(parseActivityQuery(new URLSearchParams(text), range)).toEqual({ ok: false, message });
});
