import { LeftOut } from '../left-out.js';
import type { Literal } from './literals.js';

/** As the driver is told an argument, so that it is the same value in Python: tuples are tuples there, `2.0` a float. */
export function argumentOf(value: Literal): unknown {
  switch (value.type) {
    case 'none':
      return null;
    case 'bool':
    case 'text':
      return value.value;
    case 'int':
      return isSafe(value.value) ? Number(value.value) : { $int: String(value.value) };
    case 'float':
      return Number.isFinite(value.value) && !Number.isInteger(value.value)
        ? value.value
        : { $float: floatText(value.value) };
    case 'list':
      return value.items.map(argumentOf);
    case 'tuple':
      return { $tuple: value.items.map(argumentOf) };
    case 'set':
      return { $set: value.items.map(argumentOf) };
    case 'dict': {
      const names = value.entries.map(([key]) => (key.type === 'text' ? key.value : null));
      return names.every((name) => name !== null && !name.startsWith('$'))
        ? Object.fromEntries(value.entries.map(([, item], index) => [names[index], argumentOf(item)]))
        : { $map: value.entries.map(([key, item]) => [argumentOf(key), argumentOf(item)]) };
    }
  }
}

/**
 * As the driver tells a value that was returned: tuples and sets are lists there, keys of dictionaries texts.
 * @throws {LeftOut} of what has no form of its own
 */
export function expectedOf(value: Literal): unknown {
  switch (value.type) {
    case 'none':
      return null;
    case 'bool':
    case 'text':
      return value.value;
    case 'int':
      return isSafe(value.value) ? Number(value.value) : { $int: String(value.value) };
    case 'float':
      return Number.isFinite(value.value) ? value.value + 0 : { $float: floatText(value.value) };
    case 'list':
    case 'tuple':
      return value.items.map(expectedOf);
    case 'set':
      return sorted(value.items);
    case 'dict': {
      const entries = value.entries.map(([key, item]) => [keyOf(key), expectedOf(item)] as const);
      if (new Set(entries.map(([key]) => key)).size < entries.length)
        throw new LeftOut('expects a dictionary with the same key twice');
      return Object.fromEntries(entries);
    }
  }
}

/** Members of a set, each once. */
export function membersOf(items: readonly Literal[]): unknown[] {
  const members = new Map(items.map(expectedOf).map((member) => [JSON.stringify(member), member]));
  return [...members.values()];
}

/** In the order of the driver: numbers by size, then texts by their JSON. */
function sorted(items: readonly Literal[]): unknown[] {
  const members = membersOf(items);
  if (members.length < 2) return members;
  if (members.every((one) => typeof one === 'number')) return members.sort((a, b) => a - b);
  if (members.every((one) => typeof one === 'string' && /^[ -~]*$/.test(one)))
    return members.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  throw new LeftOut('expects a set inside of something, with members that have no order');
}

function keyOf(key: Literal): string {
  if (key.type === 'text') return key.value;
  if (key.type === 'none') return 'null';
  if (key.type === 'bool' || key.type === 'int') return String(key.value);
  throw new LeftOut('expects a dictionary whose keys are neither texts nor whole numbers');
}

const isSafe = (value: bigint): boolean =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);

/** As Python reads it. */
function floatText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return Object.is(value, -0)
    ? '-0.0'
    : Number.isInteger(value)
      ? `${value}.0`.replace(/(e.*)\.0$/, '$1')
      : String(value);
}
