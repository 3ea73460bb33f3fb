import { createSimHost } from '@boocontrol/sim';
import { BRIEF_MODEL, SLOW_MODEL, type StartHost } from './host.js';

export const startSimulated: StartHost = async ({ generation, apiKeys }) => {
  const host = await createSimHost({ generation, apiKeys, models: [SLOW_MODEL, BRIEF_MODEL] });
  return {
    url: host.url,
    restart: () => host.restart(),
    stop: () => host.close(),
  };
};
