/**
 * A model's name in a path of the host: slashes stay, everything else is percent-encoded. Real builds of all generations
 * decode each part and try longer and longer names, so both `org/model` and `org%2Fmodel` find the model; with a model
 * called `a` and another called `a/b`, the path `a/b` is always the second one.
 */
export function modelPath(model: string): string {
  return model.split('/').map(encodeURIComponent).join('/');
}
