import type { Provider } from '@boocontrol/contracts';
import type { LivenessState } from '../state/liveness.js';

/** A provider as its connector sees it: what is known of it over all contacts, and how it is contacted. Each kind has its own. */
export interface Followed {
  readonly provider: Provider;
  readonly liveness: LivenessState;

  /**
   * Reads from the log what is known of it.
   * @throws what the bus throws
   */
  recover(): Promise<void>;

  /** The bus was away and may have lost the end of the log: what it lost is stated again. */
  repeat(): Promise<void>;

  /** It is switched off. */
  disabled(): void;

  /** Resolves when nothing is on its way, its liveness aside. */
  idle(): Promise<void>;

  /** A new contact. It does nothing until it is run. */
  contact(key: { apiKey?: string }): Contact;
}

/** One contact with a provider, from its beginning to its loss. */
export interface Contact {
  /** Ends by throwing: HostError when it is lost, PublishError when its facts cannot be stated, or the signal's reason. */
  run(signal: AbortSignal): Promise<void>;

  onBusReconnect(): void;

  close(): Promise<void>;
}
