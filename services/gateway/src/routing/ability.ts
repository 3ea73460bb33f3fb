import type { Model } from '@boocontrol/contracts';
import type { Capability } from '../inference/parts.js';

/** unknown: neither the host nor the name of the model tells. */
export type Ability = 'yes' | 'no' | 'unknown';

export type Abilities = Readonly<Record<Capability, Ability>>;

/** Families of embedding models whose names do not say so. */
const EMBEDS = /embed|(?:^|[-_./])(?:bge|gte|e5|minilm|mpnet|mxbai)(?:$|[-_./])/;
const SPEAKS = /whisper|parakeet|kokoro|(?:^|[-_./])tts(?:$|[-_./])|text-to-speech/;
const PAINTS = /stable-diffusion|sdxl|(?:^|[-_./])flux|qwen-image|z-image/;
const SEES = /(?:^|[-_./\d])vl(?:$|[-_./])|vision|llava|pixtral/;

/** What a model can do, by what its host says of it, else by its name. */
export function abilitiesOf({ id, capabilities }: Model): Abilities {
  const name = id.toLowerCase();
  const told = capabilities.join(' ').toLowerCase();
  const nothing: Abilities = {
    chat: 'no',
    completion: 'no',
    tools: 'no',
    vision: 'no',
    embeddings: 'no',
    rerank: 'no',
    audio: 'no',
    image: 'no',
  };
  if (/rerank/.test(name)) return { ...nothing, rerank: 'yes' };
  if (EMBEDS.test(name)) return { ...nothing, embeddings: 'yes' };
  const when = (is: boolean): Ability => (is ? 'yes' : 'unknown');
  const [audio, image] = [/audio|speech|transcri/.test(told), /image[_-]?(?:gen|to|edit)/.test(told)];
  // Nobody lists "chat" among what a model can do: one that is not made for something else can.
  const isForElse = SPEAKS.test(name) || PAINTS.test(name) || /embed|rerank/.test(told);
  const talks = when(!isForElse);
  return {
    chat: talks,
    completion: talks,
    tools: when(/tool|function/.test(told)),
    vision: when(/vision|multimodal|image[_-]?in/.test(told) || SEES.test(name)),
    embeddings: when(/embed/.test(told)),
    rerank: when(/rerank/.test(told)),
    audio: when(audio || SPEAKS.test(name)),
    image: when(image || PAINTS.test(name)),
  };
}
