import type { IncomingMessage } from 'node:http';
import type { AskBody } from './ask-body.js';
import type { NoticeTimes } from './client-answer.js';
import type { Endpoint } from './dialect.js';
import type { HostPools } from './host-call.js';
import type { Choice, Decider } from './parts.js';
import type { HostTraffic } from './traffic.js';

export interface ExchangeParts {
  decider: Decider;
  traffic: HostTraffic;
  pools: HostPools;
  /** Between two chunks of an answer. */
  idleMs: number;
  notices: NoticeTimes;
}

/** A request that was read and decided, before any host has it. */
export interface Ready {
  request: IncomingMessage;
  endpoint: Endpoint;
  choice: Choice;
  body: AskBody;
  bytes: Buffer;
  session: string | null;
  /** As the client sent it, with its `?`; often empty. */
  query: string;
  /** Gateways that the request has gone through, this one included. */
  hops: number;
}
