/** `v1`, `v4`, `v1beta`. */
const VERSION = /^v\d+[a-z0-9]*$/i;

/**
 * Where the OpenAI-like part of a provider begins. People give such addresses with or without their `/v1`, and a few services
 * have a version of their own in the path: an address whose path names one is taken as it stands, to any other `/v1` is added.
 * The one place that decides it: for routes, requests and lists of models alike.
 * @param baseUrl an http(s) URL
 * @returns without a slash at the end
 */
export function v1Of(baseUrl: string): string {
  const bare = baseUrl.replace(/\/+$/, '');
  const [, path = ''] = /^[a-z]+:\/\/[^/]*(.*)$/i.exec(bare) ?? [];
  return path.split('/').some((segment) => VERSION.test(segment)) ? bare : `${bare}/v1`;
}
