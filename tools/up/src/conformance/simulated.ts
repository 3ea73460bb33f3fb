import { createSimHost } from '@boocontrol/sim';
import {
  BRIEF_MODEL,
  BROKEN_MODEL,
  LLAMA,
  PROFILE,
  RIVAL_MODEL,
  SLOW_MODEL,
  type StartHost,
} from './host.js';

export const startSimulated: StartHost = async ({
  generation,
  apiKeys,
  forCommands = false,
  sideBySide = false,
  llama,
}) => {
  // llama.cpp shares its context out among the slots, and /props names what one of them has.
  const slow = llama ? { ...SLOW_MODEL, ctx: LLAMA.ctx / LLAMA.slots, parallel: LLAMA.slots } : SLOW_MODEL;
  const rival = sideBySide ? [{ ...slow, id: RIVAL_MODEL }] : [];
  const models = [slow, BRIEF_MODEL, ...rival, ...(forCommands ? [{ id: BROKEN_MODEL }] : [])];
  const host = await createSimHost({
    generation,
    apiKeys,
    models,
    concurrentModels: sideBySide ? [[slow.id, RIVAL_MODEL]] : [],
    profileList: forCommands ? [PROFILE] : [],
  });
  if (forCommands) await host.faults.set({ loadFailure: { models: [BROKEN_MODEL] } });
  return {
    url: host.url,
    restart: () => host.restart(),
    stop: () => host.close(),
  };
};
