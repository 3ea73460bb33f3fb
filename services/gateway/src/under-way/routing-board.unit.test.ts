import type { GatewayRouting } from '@boocontrol/contracts';
import { expect, it } from 'vitest';
import { contentOf, RoutingBoard, stateOf } from './routing-board.js';

const told = (gateway: string, inflightTotal = 0, second = 0): GatewayRouting => ({
  gateway,
  at: `2026-11-21T12:00:0${second}.000000Z`,
  inflight: [],
  inflightTotal,
  queues: [],
  breakers: [],
});

it('keeps what each gateway told last, by name', () => {
  const board = new RoutingBoard();
  board.take(told('b', 1), 0);
  board.take(told('a', 2), 0);
  board.take(told('b', 3), 10);
  expect(board.state.gateways.map(({ gateway, inflightTotal }) => [gateway, inflightTotal])).toEqual([
    ['a', 2],
    ['b', 3],
  ]);
  board.clear();
  expect(board.state.gateways).toEqual([]);
});

it('leaves out a gateway that was not heard of for 5 s, until it is heard of again', () => {
  const board = new RoutingBoard();
  board.take(told('a'), 0);
  board.take(told('b'), 4_000);
  board.dropSilent(5_000);
  expect(board.state.gateways).toHaveLength(2);
  board.dropSilent(5_001);
  expect(board.state.gateways.map(({ gateway }) => gateway)).toEqual(['b']);
  board.take(told('a'), 6_000);
  expect(board.state.gateways).toHaveLength(2);
});

it('the moment of telling alone is nothing new', () => {
  expect(contentOf(stateOf([told('a', 1, 1)]))).toBe(contentOf(stateOf([told('a', 1, 2)])));
  expect(contentOf(stateOf([told('a', 1)]))).not.toBe(contentOf(stateOf([told('a', 2)])));
});
