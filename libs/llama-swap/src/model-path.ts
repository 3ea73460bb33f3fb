/**
 * A model's name in a path of the host: slashes stay, everything else is percent-encoded. Real builds of all generations
 * decode each part and try longer and longer names, so both `org/model` and `org%2Fmodel` find the model; with a model
 * called `a` and another called `a/b`, the path `a/b` is always the second one. A name with `.` or `..` in it would leave the
 * path, and with it maybe the host, where several are behind one proxy: it becomes one that no host knows.
 */
export function modelPath(model: string): string {
  return model.split('/').map(pathPart).join('/');
}

/** `..` stays what it is however it is encoded, but for twice. */
const pathPart = (part: string): string =>
  part === '.' || part === '..' ? encodeURIComponent(part.replaceAll('.', '%2E')) : encodeURIComponent(part);

/**
 * Whether `/logs/stream/<model>` is the log of this model: the host takes two names for its own logs, and of a name with a
 * question mark only what is before it.
 */
export const hasOwnLog = (model: string): boolean =>
  model !== '' && model !== 'proxy' && model !== 'upstream' && !model.includes('?');
