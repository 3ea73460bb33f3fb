import type { ModelEvent } from '@boocontrol/contracts';
import type { Tone } from '../../ui/tone';

interface Words {
  tone: Tone;
  text: string;
}

const OF_MODEL: Readonly<Record<string, Words>> = {
  starting: { tone: 'busy', text: 'began to load' },
  ready: { tone: 'ready', text: 'was ready' },
  stopping: { tone: 'neutral', text: 'began to unload' },
  stopped: { tone: 'down', text: 'was unloaded' },
  shutdown: { tone: 'down', text: 'was shut down' },
  absent: { tone: 'down', text: 'left the host’s list' },
  host_connected: { tone: 'ready', text: 'the host was connected' },
  host_reconnecting: { tone: 'busy', text: 'the connection to the host was lost' },
  host_down: { tone: 'error', text: 'the host was down' },
  host_disabled: { tone: 'down', text: 'the host was switched off' },
};

/** What happened to a model or a host, as the end of a sentence that begins with its name. */
export function eventWords({ state, detail }: Pick<ModelEvent, 'state' | 'detail'>): Words {
  const { failed, from, observed } = detail;
  const words = OF_MODEL[state] ?? { tone: 'neutral', text: `is ${state}` };
  const late = observed === 'after_gap' ? ', at some time while the host could not be followed' : '';
  if (failed === true) return { tone: 'error', text: `failed to load${late}` };
  // llama-swap stops what it unloads: a process that ended without that ended by itself.
  if (state === 'stopped' && from === 'ready') return { tone: 'error', text: `ended by itself${late}` };
  return { tone: words.tone, text: words.text + late };
}
